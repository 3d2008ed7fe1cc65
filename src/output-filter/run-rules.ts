/** The two rules on runs of the base64 alphabets: a random word, and a blob that decodes to text. */
import { codeAt } from './characters.js';
import { decodeBase64Text, isStrictBase64 } from './encoded.js';
import { isHexRun } from './hex-run.js';
import type { Hit } from './hits.js';
import { PublicMaterial, type PassedMaterial } from './public-material.js';
import { isRandomWord } from './random-word.js';
import { RULES } from './rules.js';
import type { ScanInput } from './scan.js';

const MIN_ENTROPY_RUN = 32;
const MIN_BLOB_RUN = 80;
const MIN_BLOB_BYTES = 48;
const MAX_PADDING = 3;
const EQUALS = 61;

const NOTHING: readonly PassedMaterial[] = Object.freeze([]);

/** Whether a run is base64 of text, strictly. */
function isTextBlob(text: string, start: number, end: number, padding: number): boolean {
  if (!isStrictBase64(text, start, end, padding)) return false;
  const blob = decodeBase64Text(text, start, end);
  return blob !== null && blob.length >= MIN_BLOB_BYTES;
}

function checkRun(
  input: ScanInput,
  start: number,
  runEnd: number,
  material: PublicMaterial,
  report: (hit: Hit) => void,
): void {
  const { text } = input;
  let end = runEnd;
  while (end - runEnd < MAX_PADDING && codeAt(text, end) === EQUALS) end += 1;
  if (end - start < MIN_ENTROPY_RUN || isHexRun(text, start, runEnd)) return;
  if (material.hasMedia(start, runEnd)) return;
  const isBlob = end - start >= MIN_BLOB_RUN && isTextBlob(text, start, runEnd, end - runEnd);
  const isRandom = input.isCovered?.(RULES.entropy, start, end) !== true && isRandomWord(text, start, end);
  if ((!isBlob && !isRandom) || material.has(start, runEnd)) return;
  if (isBlob) report({ rule: RULES.encodedBlob, label: '', start, end });
  if (isRandom) report({ rule: RULES.entropy, label: '', start, end });
}

/**
 * Reports the runs of a text that are random words or blobs.
 *
 * @param runs their starts and ends, alternating
 * @returns what passed as public: what can be read in it is to be examined
 */
export function checkRuns(
  input: ScanInput,
  runs: readonly number[],
  report: (hit: Hit) => void,
): readonly PassedMaterial[] {
  // Made with the first run that is long enough: those of short texts seldom are.
  let material: PublicMaterial | null = null;
  for (let index = 0; index < runs.length; index += 2) {
    const start = runs[index] ?? 0;
    const end = runs[index + 1] ?? 0;
    if (end - start < MIN_ENTROPY_RUN - MAX_PADDING) continue;
    checkRun(input, start, end, (material ??= new PublicMaterial(input.text)), report);
  }
  return material?.passed ?? NOTHING;
}
