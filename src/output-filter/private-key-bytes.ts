/** Telling private keys among bytes, wherever in them they begin. */
import { BASE64_OFFSETS, base64Bytes } from './encoded.js';

const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const SEQUENCE = 0x30;
const INTEGER = 0x02;
const LONG_LENGTHS: ReadonlySet<number> = new Set([0x81, 0x82]);
/** Bytes of a private number of the curves P-256, P-384 and P-521. */
const CURVE_LENGTHS: ReadonlySet<number> = new Set([0x20, 0x30, 0x42]);

/** What only private keys have: PEM text, the format of OpenSSH, and PKCS #8 under a passphrase (PBES2). */
const MARKS: readonly Buffer[] = [
  Buffer.from('PRIVATE KEY', 'latin1'),
  Buffer.from('openssh-key-v1\0', 'latin1'),
  Buffer.from('06092a864886f70d01050d', 'hex'),
];

/** The version of PKCS #1 and PKCS #8, and that of SEC 1 and of PKCS #8 with a public key. */
const VERSIONS: readonly Buffer[] = [Buffer.from('020100', 'hex'), Buffer.from('020101', 'hex')];

/** Whether what follows the version of a structure is what a private key has there (RFC 5958, RFC 8017, RFC 5915). */
function isKeyAfterVersion(bytes: Uint8Array, at: number): boolean {
  const length = bytes[at + 1] ?? 0;
  switch (bytes[at]) {
    case SEQUENCE:
      return length < 0x80 && bytes[at + 2] === OBJECT_ID && bytes[at + 2 + length] === OCTET_STRING;
    case INTEGER:
      return LONG_LENGTHS.has(length) && hasSequenceBefore(bytes, at - 3);
    case OCTET_STRING:
      return CURVE_LENGTHS.has(length) && hasSequenceBefore(bytes, at - 3);
    default:
      return false;
  }
}

/** Whether a sequence begins right before `at`, with a length of one to three bytes. */
function hasSequenceBefore(bytes: Uint8Array, at: number): boolean {
  return [at - 2, at - 3, at - 4].some((begin) => bytes[begin] === SEQUENCE);
}

/** Whether bytes hold a private key: PEM, OpenSSH, PKCS #8 (also encrypted), PKCS #1 or SEC 1. */
export function holdsPrivateKey(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (MARKS.some((mark) => buffer.includes(mark))) return true;
  for (const version of VERSIONS) {
    for (let at = buffer.indexOf(version); at >= 0; at = buffer.indexOf(version, at + 1)) {
      if (isKeyAfterVersion(buffer, at + version.length)) return true;
    }
  }
  return false;
}

/** A mark as base64 has it, by where in a group of three bytes it begins: the characters that hold nothing else. */
function inBase64(mark: Buffer, before: number): string {
  const encoded = Buffer.concat([Buffer.alloc(before), mark]).toString('base64');
  return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + mark.length) * 8) / 6));
}

/**
 * What every private key in base64 has; none of it is written otherwise in the alphabet for URLs.
 *
 * INVARIANT: its place is set before each use and of no interest after it.
 */
// eslint-disable-next-line security/detect-non-literal-regexp -- letters and digits, of constants
const MARK_IN_BASE64 = new RegExp(
  [...MARKS, ...VERSIONS].flatMap((mark) => [0, 1, 2].map((before) => inBase64(mark, before))).join('|'),
  'g',
);
/** Characters of base64 before and behind a version or the begin of a mark that tell whether it is of a private key. */
const REACH_BEFORE = 16;
const REACH_AFTER = 192;
/** Characters of base64 that are decoded at once. */
const WINDOW = 4096;

/**
 * Whether the bytes that a run of base64 holds, from any of its characters on, hold a private key.
 *
 * The whole is searched for what private keys have there, and only what is around that is decoded. Windows overlap by what
 * a key is told by, so that each character is decoded a few times at most.
 */
export function holdsPrivateKeyInBase64(text: string, start: number, end: number): boolean {
  const run = text.slice(start, end);
  MARK_IN_BASE64.lastIndex = 0;
  for (let mark = MARK_IN_BASE64.exec(run); mark !== null; mark = MARK_IN_BASE64.exec(run)) {
    const from = Math.max(0, mark.index - REACH_BEFORE);
    const to = mark.index + WINDOW;
    for (let offset = 0; offset < BASE64_OFFSETS; offset += 1) {
      if (holdsPrivateKey(base64Bytes(run, from + offset, Math.min(to, run.length)))) return true;
    }
    MARK_IN_BASE64.lastIndex = Math.max(mark.index + 1, to - REACH_AFTER);
  }
  return false;
}
