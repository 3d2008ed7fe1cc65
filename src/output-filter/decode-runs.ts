import { DecodedPieces } from './decoded-pieces.js';
import type { Fold } from './encoded.js';
import { findHex, hexLengthAt } from './hex-run.js';

const MIN_HEX_RUN = 32;
const MIN_DECODED_RUN = 16;
/** `+`, `-`, `/` and `_`. */
const isSeparator = (code: number): boolean => code === 43 || code === 45 || code === 47 || code === 95;

/** Told how many characters were decoded; throws where they are too many. */
type Spend = (characters: number) => void;

/** What is decoded to, and who is told how much. */
interface Decoding {
  readonly text: string;
  readonly pieces: DecodedPieces;
  readonly spend: Spend;
}

/**
 * What the runs of a text (starts and ends, alternating) decode to, as hexadecimal and as base64.
 *
 * @param fold what the characters of a run in UTF-8 fold to
 */
export function decodeRuns(text: string, runs: readonly number[], fold: Fold, spend: Spend): DecodedPieces {
  const pieces = new DecodedPieces(text, decodedCapacity(runs), fold);
  const decoding = { text, pieces, spend };
  for (let index = 0; index < runs.length; index += 2) {
    decodeRun(decoding, runs[index] ?? 0, runs[index + 1] ?? 0);
  }
  return pieces;
}

/** Room for what runs decode to: as hexadecimal and as base64, each with a line end. */
function decodedCapacity(runs: readonly number[]): number {
  let length = 0;
  for (let index = 0; index < runs.length; index += 2) length += (runs[index + 1] ?? 0) - (runs[index] ?? 0);
  return length * 2;
}

function decodeRun(decoding: Decoding, start: number, end: number): void {
  decodeHexadecimal(decoding, start, end);
  if (decodeBase64(decoding, start, end)) return;
  // A label, an option or a path before the encoded part joins its run: `x-…`, `data/…`, `--…`.
  const { text } = decoding;
  let from = start;
  for (let at = start; at <= end; at += 1) {
    if (at < end && !isSeparator(text.charCodeAt(at))) continue;
    if (at - from >= MIN_DECODED_RUN && at - from < end - start) decodeBase64(decoding, from, at);
    from = at + 1;
  }
}

/** Decodes the hexadecimal stretches of a run, wherever they begin in it: `0x…`, `key…`. */
function decodeHexadecimal({ text, pieces, spend }: Decoding, start: number, end: number): void {
  let from = findHex(text, start, end, MIN_HEX_RUN);
  while (from >= 0) {
    const to = from + hexLengthAt(text, from, end);
    spend(pieces.addHexadecimal(from, to));
    from = findHex(text, to, end, MIN_HEX_RUN);
  }
}

/** Decodes one run as base64; false where it holds no text, or is rather hexadecimal. */
function decodeBase64({ text, pieces, spend }: Decoding, start: number, end: number): boolean {
  if (hexLengthAt(text, start, end) >= Math.min(MIN_HEX_RUN, end - start)) return false;
  const length = pieces.addBase64(start, end);
  spend(length);
  return length > 0;
}
