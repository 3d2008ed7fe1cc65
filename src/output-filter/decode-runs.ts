import { unitAt } from './characters.js';
import { DecodedPieces } from './decoded-pieces.js';
import { BASE64, type Fold } from './encoded.js';
import { findHex, hexLengthAt } from './hex-run.js';
import type { DerivedText } from './source-map.js';

const MIN_HEX_RUN = 32;
const MIN_DECODED_RUN = 16;
/** Of what runs hold: `+`, `-` and `/`, which are below all digits, and `_`. */
const isSeparator = (code: number): boolean => code < 48 || code === 95;

/** Told how many characters were decoded; throws where they are too many. */
type Spend = (characters: number) => void;

/** What is decoded to, and who is told how much. */
interface Decoding {
  readonly text: string;
  readonly runs: readonly number[];
  readonly fold: Fold;
  readonly spend: Spend;
  /** Made with the first run that may hold text: most texts have none. */
  pieces: DecodedPieces | null;
}

/**
 * What the runs of a text (starts and ends, alternating) decode to, as hexadecimal and as base64; null for no text.
 *
 * @param fold what the characters of a run in UTF-8 fold to
 */
export function decodeRuns(
  text: string,
  runs: readonly number[],
  fold: Fold,
  spend: Spend,
): DerivedText | null {
  const decoding: Decoding = { text, runs, fold, spend, pieces: null };
  for (let index = 0; index < runs.length; index += 2) {
    decodeRun(decoding, runs[index] ?? 0, runs[index + 1] ?? 0);
  }
  return decoding.pieces?.finish() ?? null;
}

function piecesOf(decoding: Decoding): DecodedPieces {
  const { text, runs, fold } = decoding;
  return (decoding.pieces ??= new DecodedPieces(text, decodedCapacity(runs), fold));
}

/** Room for what runs decode to: as hexadecimal and as base64, each with a line end. */
function decodedCapacity(runs: readonly number[]): number {
  let length = 0;
  for (let index = 0; index < runs.length; index += 2) length += (runs[index + 1] ?? 0) - (runs[index] ?? 0);
  return length * 2;
}

function decodeRun(decoding: Decoding, start: number, end: number): void {
  // A digest or an identifier, as most are: nothing else can be read from it.
  if (hexLengthAt(decoding.text, start, end) === end - start) {
    if (end - start >= MIN_HEX_RUN) decoding.spend(piecesOf(decoding).addHexadecimal(start, end));
    return;
  }
  decodeHexadecimal(decoding, start, end);
  if (decodeBase64(decoding, start, end)) return;
  decodeParts(decoding, start, end);
}

/**
 * Decodes the parts of a run between signs: a label, an option or a path before what is encoded joins its run, as in `x-…`,
 * `data/…`, `--…`. It looks at each part from behind, as most are too short.
 */
function decodeParts(decoding: Decoding, start: number, end: number): void {
  const { text } = decoding;
  for (let from = start; end - from >= MIN_DECODED_RUN;) {
    let at = from + MIN_DECODED_RUN - 1;
    while (at >= from && !isSeparator(unitAt(text, at))) at -= 1;
    if (at >= from) {
      from = at + 1;
      continue;
    }
    let to = from + MIN_DECODED_RUN;
    while (to < end && !isSeparator(unitAt(text, to))) to += 1;
    if (to - from < end - start) decodeBase64(decoding, from, to);
    from = to + 1;
  }
}

/** Decodes the hexadecimal stretches of a run, wherever they begin in it: `0x…`, `key…`. */
function decodeHexadecimal(decoding: Decoding, start: number, end: number): void {
  const { text, spend } = decoding;
  let from = findHex(text, start, end, MIN_HEX_RUN);
  while (from >= 0) {
    const to = from + hexLengthAt(text, from, end);
    spend(piecesOf(decoding).addHexadecimal(from, to));
    from = findHex(text, to, end, MIN_HEX_RUN);
  }
}

/** Decodes one run as base64; false where it holds no text, or is rather hexadecimal. */
function decodeBase64(decoding: Decoding, start: number, end: number): boolean {
  const { text } = decoding;
  if (hexLengthAt(text, start, end) >= Math.min(MIN_HEX_RUN, end - start)) return false;
  if (!BASE64.mayBeText(text, start, end)) return false;
  const length = piecesOf(decoding).addBase64(start, end);
  decoding.spend(length);
  return length > 0;
}
