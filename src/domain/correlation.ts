import { limits } from './limits.js';

/** What most callers send: nothing to drop or to cut. */
const CLEAN = /^[\x21-\x7e]+$/;

function clean(candidate: string | null | undefined): string {
  if (candidate === null || candidate === undefined) return '';
  if (candidate.length <= limits.correlationIdLength && CLEAN.test(candidate)) return candidate;
  return candidate
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, limits.correlationIdLength)
    .trimEnd();
}

/** The first candidate with something printable in it: trimmed, printable ASCII only, at most 128 characters. */
export function chooseCorrelationId(...candidates: (string | null | undefined)[]): string {
  for (const candidate of candidates) {
    const cleaned = clean(candidate);
    if (cleaned !== '') return cleaned;
  }
  return 'unknown';
}
