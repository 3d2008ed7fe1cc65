/** Names and forms by which random-looking words are known to be public: digests, public keys, cursors, addresses. */

import { codeAt, unitAt } from './characters.js';

const MAX_NAME_LENGTH = 40;
const MAX_GAP_LENGTH = 8;

const isGap = (code: number): boolean =>
  code === 32 || code === 34 || code === 39 || code === 92 || code === 9;

function isInName(code: number): boolean {
  const letter = code | 32;
  return (letter >= 97 && letter <= 122) || (code >= 48 && code <= 57) || code === 45 || code === 95;
}

/**
 * What names a credential, with nothing but brackets, quotation marks and the like up to the end of a text.
 *
 * THREAT: a public name right behind it, as in `client_secret cursor=`, is part of what that is given.
 */
const CREDENTIAL_BEFORE =
  /(?:passw(?:or)?d|passphrase|secret|credentials?|(?:api|private|secret|access)[-_ ]?key|(?:access|auth|api|bearer|session)[-_ ]?token|authorization|bearer)(?: (?:is|was))?["'\s:=>{[(<\\]{1,16}$/i;
const MAX_CREDENTIAL_LENGTH = 40;

/**
 * The name that the word at `start` is given to by `:`, `=` or a tag, in lower case without separators; empty for none,
 * for one that is too long, and for one that stands right behind the name of a credential.
 */
function nameBefore(text: string, start: number): string {
  let at = start;
  while (at > start - MAX_GAP_LENGTH && isGap(codeAt(text, at - 1))) at -= 1;
  const operator = codeAt(text, at - 1);
  if (operator !== 58 && operator !== 61 && operator !== 62) return '';
  at -= operator === 58 && codeAt(text, at - 2) === 61 ? 2 : 1;
  const lowest = at - MAX_GAP_LENGTH;
  while (at > lowest && isGap(codeAt(text, at - 1))) at -= 1;
  const end = at;
  while (at > end - MAX_NAME_LENGTH && isInName(codeAt(text, at - 1))) at -= 1;
  if (isInName(codeAt(text, at - 1))) return '';
  if (CREDENTIAL_BEFORE.test(text.slice(Math.max(0, at - MAX_CREDENTIAL_LENGTH), at))) return '';
  return text.slice(at, end).replaceAll(/[_-]/g, '').toLowerCase();
}

/** Places in a list of results, and what services call a version or a click: opaque, and no credential. */
const OPAQUE_NAMES: ReadonlySet<string> = new Set(
  `nexttoken nextpagetoken pagetoken previouspagetoken prevpagetoken continuationtoken nextcontinuationtoken continuation cursor
  nextcursor endcursor startcursor prevcursor previouscursor pagecursor pagingtoken nextmarker synctoken nextsynctoken
  nextdeltatoken resumetoken scrollid versionid xamzid2 xamzcfid xamzversionid hostid deployid deploymentid gclid fbclid msclkid
  gbraid wbraid dclid ttclid twclid etag`.split(/\s+/),
);

/** The characters of a digest in base64, without padding, by its bits. */
export const DIGEST_LENGTHS: Readonly<Record<string, number>> = { 1: 27, 224: 38, 256: 43, 384: 64, 512: 86 };
const DIGEST_NAME =
  /^(?:pin|spki|content|xamz(?:content|checksum)?|body|file|image|layer|archive|package|source|checksum|digest|hash|integrity)?sha(1|224|256|384|512)$/;
const PUBLIC_KEY_NAME =
  /^(?:applicationserver|(?:vapid|webpush|ssh|wg|wireguard|peer|server|client|host|node|device|user|root|signing|signature|verif(?:y|ication)|encryption|identity|recipient|sender|ephemeral|ed25519|x25519|minisign|cosign|jwt)?pub(?:lic)?)key$/;
/** Characters of a raw key of 32 bytes, and of a point of P-256, in base64 without padding. */
const PUBLIC_KEY_LENGTHS: ReadonlySet<number> = new Set([43, 86, 87]);

/** Headers of mail that hold signatures, whose lines are folded. */
const MAIL_HEADER = /^(?:DKIM-Signature|ARC-Seal|ARC-Message-Signature):/i;
const MAX_MAIL_HEADER = 1536;
const MAX_INDENT = 16;
/** Characters of a signature of 4096 bits, and of the folds in it. */
const MAX_MAIL_SIGNATURE = 800;

const isIndent = (code: number): boolean => code === 32 || code === 9;

/** Whether a place is in a header of mail that holds signatures. */
function isInMailHeader(text: string, at: number): boolean {
  const from = Math.max(0, at - MAX_MAIL_HEADER);
  const before = text.slice(from, at);
  // The header begins where the last line that is not indented does.
  let line = before.length;
  do line = before.lastIndexOf('\n', line - 1);
  while (line > 0 && isIndent(unitAt(before, line + 1)));
  return (line >= 0 || from === 0) && MAIL_HEADER.test(before.slice(line + 1));
}

/** Whether the word at `start` belongs to the value of `b` in such a header, perhaps on a line after its first. */
function isInMailSignature(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - MAX_MAIL_SIGNATURE), start);
  const tag = before.lastIndexOf('b=');
  if (tag < 1 || !/[\s;]/.test(before.charAt(tag - 1)) || !/^[\w+/\s]*$/.test(before.slice(tag + 2)))
    return false;
  return isInMailHeader(text, start);
}

/** Whether the word at `start` begins a line that continues the one before. */
function isFolded(text: string, start: number): boolean {
  let at = start;
  while (at > start - MAX_INDENT && isIndent(codeAt(text, at - 1))) at -= 1;
  return at < start && codeAt(text, at - 1) === 10;
}

/** Characters of a modulus of 2048 to 4096 bits. */
const MODULUS_LENGTHS: ReadonlySet<number> = new Set([342, 343, 512, 513, 683, 684]);
/** Characters of a coordinate of the curves of RFC 7518 and RFC 8037. */
const COORDINATE_LENGTHS: ReadonlySet<number> = new Set([43, 64, 76, 88]);
const MAX_KEY_OBJECT = 1024;

/** Whether the object around a word is a JSON Web Key: it says its type, on either side of the word. */
function isInJsonWebKey(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - MAX_KEY_OBJECT), start);
  const after = text.slice(end, end + MAX_KEY_OBJECT);
  const close = after.indexOf('}');
  const object = before.slice(before.lastIndexOf('{') + 1) + (close < 0 ? after : after.slice(0, close));
  return /["']kty\\?["']\s{0,4}:\s{0,4}\\?["'](?:RSA|EC|OKP)\\?["']/.test(object);
}

/**
 * Whether the word from `start` to `end`, without padding, has a name that says that it is public.
 *
 * THREAT: a secret under such a name passes as well; where the kind has a length, only that length does.
 */
export function hasPublicName(text: string, start: number, end: number): boolean {
  const name = nameBefore(text, start);
  const length = end - start;
  if (name === '') return isFolded(text, start) && isInMailSignature(text, start);
  if (OPAQUE_NAMES.has(name)) return true;
  if (name === 'h1') return length === DIGEST_LENGTHS['256'];
  const bits = DIGEST_NAME.exec(name)?.[1];
  if (bits !== undefined) return length === DIGEST_LENGTHS[bits];
  if (PUBLIC_KEY_NAME.test(name)) return PUBLIC_KEY_LENGTHS.has(length);
  if (name === 'b') return isInMailSignature(text, start);
  if (name === 'bh') return (length === 43 || length === 27) && isInMailHeader(text, start);
  if (name === 'n') return MODULUS_LENGTHS.has(length) && isInJsonWebKey(text, start, end);
  return (name === 'x' || name === 'y') && COORDINATE_LENGTHS.has(length) && isInJsonWebKey(text, start, end);
}

/** Content ids (IPFS), addresses (Bitcoin, segregated witness), recipients (age), deployments. */
const PUBLIC_FORM =
  /^(?:baf[a-z2-7]{56}|Qm[1-9A-HJ-NP-Za-km-z]{44}|bc1[02-9ac-hj-np-z]{39}(?:[02-9ac-hj-np-z]{20})?|age1[02-9ac-hj-np-z]{58}|dpl_[A-Za-z0-9]{28})$/;
const MAX_FORM_LENGTH = 62;
/** What they begin with. */
const BEGINS_FORM = new Uint8Array(128);
for (const character of 'bQad') BEGINS_FORM[character.charCodeAt(0)] = 1;

/** Whether the word from `start` to `end` has a form that only public identifiers have. */
export function hasPublicForm(text: string, start: number, end: number): boolean {
  if (end - start > MAX_FORM_LENGTH || BEGINS_FORM[codeAt(text, start)] !== 1) return false;
  return PUBLIC_FORM.test(text.slice(start, end));
}
