import { unitAt } from './characters.js';
import type { Span } from './detector.js';
import { publicDerOf, type PublicDer } from './der.js';
import { base64Value } from './encoded.js';
import { isPgpPublicKey, isPgpSignature, isSshSignature } from './openpgp.js';
import { holdsPrivateKey } from './private-key-bytes.js';

/** A block of public material in armour. The span is that of its body, up to the words of header and footer. */
export interface PublicBlock extends Span {
  readonly bytes: Uint8Array;
  /** Where the header begins and the footer ends. */
  readonly outer: Span;
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const HEADER = /-----BEGIN ([A-Z0-9]{1,12}(?: [A-Z0-9]{1,12}){0,3})-----/y;

const isDer =
  (...kinds: readonly PublicDer[]) =>
  (bytes: Uint8Array): boolean => {
    const kind = publicDerOf(bytes);
    return kind !== null && kinds.includes(kind);
  };

/** What the body of a block with each label must be. Blocks with other labels are no public material. */
const KINDS = new Map<string, (bytes: Uint8Array) => boolean>([
  ['CERTIFICATE', isDer('certificate')],
  ['X509 CERTIFICATE', isDer('certificate')],
  ['CERTIFICATE REQUEST', isDer('certificate_request')],
  ['NEW CERTIFICATE REQUEST', isDer('certificate_request')],
  ['X509 CRL', isDer('revocation_list')],
  ['PUBLIC KEY', isDer('public_key')],
  ['RSA PUBLIC KEY', isDer('rsa_public_key')],
  ['PGP PUBLIC KEY BLOCK', isPgpPublicKey],
  ['PGP SIGNATURE', isPgpSignature],
  ['SSH SIGNATURE', isSshSignature],
]);

/** Fields of armour before the body, which an empty line ends. */
const ARMOUR_FIELD = /^(?:[\s>\\]|(?<=\\)[rn])*[A-Z][A-Za-z-]{2,24}: /;
const EMPTY_LINE = /(?:\n|\\n)[> \t\\]*(?:\r?\n|\\r\\n|\\n)/;

/** Padding, checksum and the ends of their lines. */
const MAX_TRAILER_LENGTH = 64;
const BACKSLASH = 92;
const EQUALS = 61;
const isSeparator = (code: number): boolean =>
  code === 32 || code === 10 || code === 13 || code === 9 || code === 62;

/** How much a line end written as an escape, or the backslash before a slash, takes; 0 for another escape. */
function escapeLength(body: string, at: number): number {
  const next = body.charAt(at + 1);
  return 'nrt'.includes(next) ? 2 : '/\\\r\n'.includes(next) ? 1 : 0;
}

/** The bytes of an armoured body, with line ends, also escaped or quoted ones, left out; null where it is none. */
function bytesOf(body: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.ceil((body.length * 3) / 4));
  let written = 0;
  let held = 0;
  let bits = 0;
  for (let at = 0; at < body.length; at += 1) {
    const code = unitAt(body, at);
    if (isSeparator(code)) continue;
    if (code === EQUALS) return isPadding(body, at) ? bytes.subarray(0, written) : null;
    if (code === BACKSLASH) {
      const length = escapeLength(body, at);
      if (length === 0) return null;
      at += length - 1;
      continue;
    }
    const value = base64Value(code);
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[written++] = (held >> bits) & 255;
  }
  return bytes.subarray(0, written);
}

/** Whether what follows is padding, and a checksum of four characters as OpenPGP has it. */
function isPadding(body: string, at: number): boolean {
  if (body.length - at > MAX_TRAILER_LENGTH) return false;
  return /^={1,3}(?:[\w+/]{4})?$/.test(body.slice(at).replaceAll(/[\s>]|\\+[rn]?/g, ''));
}

function blockAt(text: string, begin: number, limit: number): PublicBlock | null {
  HEADER.lastIndex = begin;
  const label = HEADER.exec(text)?.[1] ?? '';
  const isOfKind = KINDS.get(label);
  if (isOfKind === undefined) return null;
  const headerEnd = HEADER.lastIndex;
  const section = text.slice(headerEnd, limit);
  const footer = section.indexOf(`${END}${label}${DASHES}`);
  if (footer < 0) return null;
  const body = section.slice(0, footer);
  const empty = ARMOUR_FIELD.test(body) ? EMPTY_LINE.exec(body) : null;
  const from = empty === null ? 0 : empty.index + empty[0].length;
  const bytes = bytesOf(body.slice(from));
  if (bytes === null || !isOfKind(bytes) || holdsPrivateKey(bytes)) return null;
  const end = headerEnd + footer;
  return {
    bytes,
    // The words of the text may begin in the dashes of the header, or in the escape that ends the line before.
    start: from === 0 ? headerEnd - DASHES.length : headerEnd + from - 1,
    end: end + END.length - 1,
    outer: { start: begin, end: end + END.length + label.length + DASHES.length },
  };
}

/**
 * The blocks of a text that hold certificates, public keys and signatures, in order.
 *
 * THREAT: a secret between the lines of a certificate is none: the body as a whole must be what its header says, to the
 * byte. Fields before the body are not covered.
 */
export function findPublicBlocks(text: string): readonly PublicBlock[] {
  const blocks: PublicBlock[] = [];
  for (let begin = text.indexOf(BEGIN); begin >= 0;) {
    const next = text.indexOf(BEGIN, begin + BEGIN.length);
    const block = blockAt(text, begin, next < 0 ? text.length : next);
    if (block !== null) blocks.push(block);
    begin = next;
  }
  return blocks;
}

/** Whether a text is blocks of public material and nothing else. */
export function isOnlyPublicBlocks(text: string): boolean {
  let end = 0;
  const blocks = findPublicBlocks(text);
  for (const { outer } of blocks) {
    if (text.slice(end, outer.start).trim() !== '') return false;
    end = outer.end;
  }
  return blocks.length > 0 && text.slice(end).trim() === '';
}
