/** What a DER structure is, where it is one that is made to be public. */
export type PublicDer =
  'certificate' | 'certificate_request' | 'revocation_list' | 'public_key' | 'rsa_public_key' | 'signature';

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_ID = 0x06;
const SEQUENCE = 0x30;
/** No structure that is looked for has more parts. */
const MAX_PARTS = 12;

/** The element at `at`, with a length of at most three bytes; null where none ends before `limit`. */
function elementAt(bytes: Uint8Array, at: number, limit: number): Element | null {
  const first = bytes[at + 1] ?? 0xff;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 3 || (first >= 0x80 && lengthBytes === 0)) return null;
  let length = first < 0x80 ? first : 0;
  for (let index = 0; index < lengthBytes; index += 1) length = (length << 8) | (bytes[at + 2 + index] ?? 0);
  const start = at + 2 + lengthBytes;
  return start + length <= limit ? { tag: bytes[at] ?? 0, start, end: start + length } : null;
}

/** The elements that a constructed one consists of, without a gap; empty where it does not, or of too many. */
function partsOf(bytes: Uint8Array, { start, end }: Element): readonly Element[] {
  const parts: Element[] = [];
  for (let at = start; at < end;) {
    const element = elementAt(bytes, at, end);
    if (element === null || parts.length === MAX_PARTS) return [];
    parts.push(element);
    at = element.end;
  }
  return parts;
}

const tags = (parts: readonly Element[]): string => parts.map(({ tag }) => tag.toString(16)).join(' ');
const length = ({ start, end }: Element): number => end - start;

/** What is signed, by the tags of its parts (RFC 5280, RFC 2986). */
const SIGNED: readonly (readonly [PublicDer, RegExp])[] = [
  ['certificate', /^(?:a0 )?2 30 30 30 30 30(?: 8[12]| a[123]){0,3}$/],
  ['certificate_request', /^2 30 30(?: a0)?$/],
  ['revocation_list', /^(?:2 )?30 30 (?:17|18)(?: 17| 18)?(?: 30)?(?: a0)?$/],
];

const isAlgorithm = (bytes: Uint8Array, element: Element): boolean =>
  element.tag === SEQUENCE && partsOf(bytes, element)[0]?.tag === OBJECT_ID;

function twoPartKind(bytes: Uint8Array, [first, second]: readonly [Element, Element]): PublicDer | null {
  if (isAlgorithm(bytes, first)) return second.tag === BIT_STRING ? 'public_key' : null;
  if (first.tag !== INTEGER || second.tag !== INTEGER) return null;
  if (length(first) >= 64) return length(second) <= 8 ? 'rsa_public_key' : null;
  const isHalf = (half: Element): boolean => length(half) >= 26 && length(half) <= 67;
  return isHalf(first) && isHalf(second) && Math.abs(length(first) - length(second)) <= 3
    ? 'signature'
    : null;
}

/**
 * What public structure bytes are, as a whole: a certificate, a request for one, a list of revoked ones, a public key, a
 * signature; null for anything else, private keys among them.
 *
 * Two levels of the structure are read, and the lengths must agree to the byte.
 */
export function publicDerOf(bytes: Uint8Array): PublicDer | null {
  const root = elementAt(bytes, 0, bytes.length);
  if (root?.tag !== SEQUENCE || root.end !== bytes.length) return null;
  const [first, second, third, ...rest] = partsOf(bytes, root);
  if (first === undefined || second === undefined || rest.length > 0) return null;
  if (third === undefined) return twoPartKind(bytes, [first, second]);
  if (first.tag !== SEQUENCE || !isAlgorithm(bytes, second) || third.tag !== BIT_STRING) return null;
  const signed = tags(partsOf(bytes, first));
  return SIGNED.find(([, pattern]) => pattern.test(signed))?.[0] ?? null;
}
