import { BASE64_OFFSETS, base64Length, byteOfBase64 } from './encoded.js';

/** Shorter stretches of printable characters stand in any image by chance. */
const MIN_LENGTH = 16;

/** Whether the byte at a place in a run of base64, which begins at `start`, is a printable character. */
function isPrintableAt(text: string, start: number, place: number): boolean {
  const byte = byteOfBase64(text, start, place);
  return byte >= 32 && byte < 127;
}

/** Adds to `lines` the stretches of printable characters in the bytes of a run. */
function addStretches(lines: string[], text: string, start: number, end: number): void {
  const length = base64Length(start, end);
  // Each stretch is looked at from behind: most end at the first byte looked at, and those before it need no look.
  for (let from = 0; length - from >= MIN_LENGTH;) {
    let to = from + MIN_LENGTH;
    let at = to - 1;
    while (at >= from && isPrintableAt(text, start, at)) at -= 1;
    if (at < from) {
      while (to < length && isPrintableAt(text, start, to)) to += 1;
      lines.push(stretch(text, start, from, to));
      at = to;
    }
    from = at + 1;
  }
}

function stretch(text: string, start: number, from: number, to: number): string {
  const bytes = Buffer.alloc(to - from);
  for (let place = from; place < to; place += 1) bytes[place - from] = byteOfBase64(text, start, place);
  return bytes.toString('latin1');
}

/** The stretches of printable characters, a line each, in the bytes of a run of base64 from any of its characters on. */
export function readableInBase64(text: string, start: number, end: number): string {
  const lines: string[] = [];
  for (let offset = 0; offset < BASE64_OFFSETS; offset += 1) addStretches(lines, text, start + offset, end);
  return lines.join('\n');
}
