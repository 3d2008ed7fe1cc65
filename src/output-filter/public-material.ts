import { findPublicBlocks, isOnlyPublicBlocks, type PublicBlock } from './armour.js';
import { unitAt } from './characters.js';
import { publicDerOf } from './der.js';
import { base64Bytes, decodeBase64Text } from './encoded.js';
import { isMedia } from './media.js';
import { holdsPrivateKey, holdsPrivateKeyInBase64 } from './private-key-bytes.js';
import { readableInBase64 } from './readable-stretches.js';

/** How `-----BEGIN ` begins in base64. */
const ENCODED_ARMOUR = 'LS0tLS1CRUdJTi';
const LETTER_M = 77;
/** The least length of a word that is a DER structure worth a look. */
const MIN_DER_LENGTH = 64;
const MIN_STRING_LENGTH = 8;

const isPrintable = (code: number): boolean => code >= 32 && code < 127;

/** The least and the most that a byte before a string says of its length. */
const LENGTH_BYTES = [8, 127] as const;

/**
 * What can be read in bytes, a line each: the stretches of printable characters, and the strings that a length stands
 * before, which may be printable too and so may what follows.
 */
function stringsIn(bytes: Uint8Array): string {
  const lines: string[] = [];
  const add = (start: number, end: number): unknown =>
    lines.push(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
  for (let start = 0, at = 0; at <= bytes.length; at += 1) {
    if (at < bytes.length && isPrintable(bytes[at] ?? 0)) continue;
    if (at - start >= MIN_STRING_LENGTH) {
      add(start, at);
      for (let before = Math.max(0, start - 1); before <= start + 1; before += 1) {
        const length = bytes[before] ?? 0;
        const isLength = length >= LENGTH_BYTES[0] && length <= LENGTH_BYTES[1];
        if (isLength && before + 1 + length <= at) add(before + 1, before + 1 + length);
      }
    }
    start = at + 1;
  }
  return lines.join('\n');
}

/** Public material whose words passed for it, and what can be read in it. */
export interface PassedMaterial {
  readonly start: number;
  readonly end: number;
  readonly strings: string;
}

/**
 * What in one text is public by its structure: certificates, public keys and signatures, armoured or not.
 *
 * It is asked for words in the order in which they stand, and only for those that look like a secret.
 */
export class PublicMaterial {
  readonly #text: string;
  #blocks: readonly PublicBlock[] | null = null;
  #next = 0;
  readonly #passed: PassedMaterial[] = [];
  #lastPassed: PublicBlock | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  /** What the asked words passed for: names and other strings in it are to be examined. */
  get passed(): readonly PassedMaterial[] {
    return this.#passed;
  }

  /** Whether the word from `start` to `end`, without padding, belongs to public material. */
  has(start: number, end: number): boolean {
    return this.#isInBlock(start, end) || this.#isStructure(start, end) || this.#isEncodedArmour(start, end);
  }

  /**
   * Whether the run from `start` to `end`, without padding, is an image, document or font.
   *
   * THREAT: base64 may be attached to the head of an image. What can be read from any of its characters on is examined,
   * and a file with a private key in it is none.
   */
  hasMedia(start: number, end: number): boolean {
    if (!isMedia(this.#text, start, end)) return false;
    if (holdsPrivateKeyInBase64(this.#text, start, end)) return false;
    const strings = readableInBase64(this.#text, start, end);
    if (strings !== '') this.#passed.push({ start, end, strings });
    return true;
  }

  #isInBlock(start: number, end: number): boolean {
    this.#blocks ??= findPublicBlocks(this.#text);
    while ((this.#blocks[this.#next]?.end ?? Infinity) <= start) this.#next += 1;
    const block = this.#blocks[this.#next];
    if (block === undefined || start < block.start || end > block.end) return false;
    if (block !== this.#lastPassed) this.#pass(block.start, block.end, block.bytes);
    this.#lastPassed = block;
    return true;
  }

  #isStructure(start: number, end: number): boolean {
    if (unitAt(this.#text, start) !== LETTER_M || end - start < MIN_DER_LENGTH) return false;
    const bytes = base64Bytes(this.#text, start, end);
    if (publicDerOf(bytes) === null || holdsPrivateKey(bytes)) return false;
    this.#pass(start, end, bytes);
    return true;
  }

  /** As configuration of clusters has it: the whole of an armoured block, in base64 once more. */
  #isEncodedArmour(start: number, end: number): boolean {
    if (!this.#text.startsWith(ENCODED_ARMOUR, start)) return false;
    return isOnlyPublicBlocks(decodeBase64Text(this.#text, start, end) ?? '');
  }

  #pass(start: number, end: number, bytes: Uint8Array): void {
    const strings = stringsIn(bytes);
    if (strings !== '') this.#passed.push({ start, end, strings });
  }
}
