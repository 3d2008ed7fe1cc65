import { codeAt, unitAt } from './characters.js';
import { base64Bytes } from './encoded.js';
import { entropyBits } from './entropy.js';
import { holdsPrivateKey } from './private-key-bytes.js';
import { DIGEST_LENGTHS, hasPublicForm, hasPublicName } from './public-labels.js';
import { plainShare } from './randomness.js';

const MIN_LENGTH = 32;
const MIN_ENTROPY_BITS = 4.2;
const MAX_PLAIN_SHARE = 0.5;
const SLASH = 47;
const COLON = 58;
const AT = 64;
const EQUALS = 61;
/** How far before a path the scheme of its URL may stand. */
const MAX_URL_LENGTH = 256;

/** Whether the word at `start` begins as a public key of SSH does. */
function isSshPublicKey(text: string, start: number): boolean {
  return (
    text.startsWith('AAAA', start) &&
    /^(?:B3NzaC1|C3NzaC1|E2VjZHNh|G[nX]NrLX)/.test(text.slice(start + 4, start + 12))
  );
}

/** Whether a run is a digest by its label: `sha512-…`, as lock files and integrity attributes write it. */
function isDigest(text: string, start: number, end: number): boolean {
  if (!text.startsWith('sha', start)) return false;
  const run = text.slice(start, end);
  const label = /^sha(1|256|384|512)-/.exec(run);
  return label !== null && run.length - label[0].length === DIGEST_LENGTHS[label[1] ?? ''];
}

/** Whether most characters follow the one before them, as in an alphabet. */
function isSequence(text: string, start: number, end: number): boolean {
  const maxBreaks = (end - start) * 0.2 - 1;
  let breaks = 0;
  for (let index = start + 1; index < end && breaks <= maxBreaks; index += 1) {
    if (unitAt(text, index) !== unitAt(text, index - 1) + 1) breaks += 1;
  }
  return breaks < maxBreaks;
}

const BLANK = /\s/;
/** For ASCII characters: whether one ends the path of a URL. */
const IN_NO_URL = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\s"'<>`?#]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Whether a run is part of the path of a URL: before its query, and no user of its host. */
function isInUrlPath(text: string, start: number, end: number): boolean {
  if (codeAt(text, end) === AT) return false;
  const lowest = Math.max(0, start - MAX_URL_LENGTH);
  for (let index = start - 1; index >= lowest; index -= 1) {
    const code = unitAt(text, index);
    if (code < 128 ? IN_NO_URL[code] === 1 : BLANK.test(text.charAt(index))) return false;
    if (code === COLON && text.startsWith('://', index)) return true;
  }
  return false;
}

/** The id of a file in the path of a link to Google Docs or Drive, and what stands before it in full. */
const DOCUMENT_ID = /^(?:[01][\w-]{32}|1[\w-]{43})$/;
const DOCUMENT_LINK = /:\/\/(?:docs|drive)\.google\.com\/[\w/]{1,64}\/(?:d|folders)\/$/;
const MAX_DOCUMENT_LINK_LENGTH = 100;

function isPublicSegment(text: string, start: number, end: number): boolean {
  if (hasPublicForm(text, start, end)) return true;
  if (text.startsWith('.onion', end) && /^[a-z2-7]{56}$/.test(text.slice(start, end))) return true;
  if (!DOCUMENT_ID.test(text.slice(start, end))) return false;
  return DOCUMENT_LINK.test(text.slice(Math.max(0, start - MAX_DOCUMENT_LINK_LENGTH), start));
}

/** Whether a part of the path of a URL, between slashes, looks drawn at random. */
function hasRandomSegment(text: string, start: number, end: number): boolean {
  for (let from = start, at = start; at <= end; at += 1) {
    if (at < end && unitAt(text, at) !== SLASH) continue;
    if (at - from >= MIN_LENGTH && looksRandom(text, from, at) && !isPublicSegment(text, from, at))
      return true;
    from = at + 1;
  }
  return false;
}

function looksRandom(text: string, start: number, end: number): boolean {
  if (entropyBits(text, start, end) < MIN_ENTROPY_BITS) return false;
  return plainShare(text, start, end, true, MAX_PLAIN_SHARE) < MAX_PLAIN_SHARE;
}

/**
 * Whether a word of the base64 alphabets, with its padding, looks drawn at random, and neither its form nor its name says
 * that it is a digest, a public key, an identifier or part of a URL.
 */
export function isRandomWord(text: string, start: number, end: number): boolean {
  if (end - start < MIN_LENGTH || !looksRandom(text, start, end)) return false;
  if (isSshPublicKey(text, start) || isSequence(text, start, end)) return false;
  let bare = end;
  while (unitAt(text, bare - 1) === EQUALS) bare -= 1;
  if (
    isDigest(text, start, bare) ||
    hasPublicForm(text, start, bare) ||
    (hasPublicName(text, start, bare) && !holdsPrivateKey(base64Bytes(text, start, bare)))
  )
    return false;
  return !isInUrlPath(text, start, end) || hasRandomSegment(text, start, end);
}
