/** Kinds of packets (RFC 9580, section 5) that hold nothing secret. */
const Tag = {
  Signature: 2,
  PublicKey: 6,
  Trust: 12,
  UserId: 13,
  PublicSubkey: 14,
  UserAttribute: 17,
} as const;

const OF_PUBLIC_KEY: ReadonlySet<number> = new Set(Object.values(Tag));
const VERSIONED: ReadonlySet<number> = new Set([Tag.Signature, Tag.PublicKey, Tag.PublicSubkey]);

interface Packet {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

function packet(tag: number, start: number, length: number): Packet {
  return { tag, start, end: start + length };
}

/** The packet at `at`; null where its length is left open or in parts, as those of keys and signatures never are. */
function packetAt(bytes: Uint8Array, at: number): Packet | null {
  const byte = (index: number): number => bytes[at + index] ?? 0;
  const header = byte(0);
  if ((header & 0x80) === 0) return null;
  const long = ((byte(2) << 24) | (byte(3) << 16) | (byte(4) << 8) | byte(5)) >>> 0;
  if ((header & 0x40) !== 0) {
    const tag = header & 0x3f;
    if (byte(1) < 192) return packet(tag, at + 2, byte(1));
    if (byte(1) < 224) return packet(tag, at + 3, ((byte(1) - 192) << 8) + byte(2) + 192);
    return byte(1) === 255 ? packet(tag, at + 6, long) : null;
  }
  const tag = (header >> 2) & 0x0f;
  switch (header & 3) {
    case 0:
      return packet(tag, at + 2, byte(1));
    case 1:
      return packet(tag, at + 3, (byte(1) << 8) | byte(2));
    case 2:
      return packet(tag, at + 5, ((byte(1) << 24) | (byte(2) << 16) | (byte(3) << 8) | byte(4)) >>> 0);
    default:
      return null;
  }
}

/** Whether bytes are packets of the allowed kinds and nothing else, the first of the given kind. */
function consistsOf(bytes: Uint8Array, first: number, allowed: ReadonlySet<number>): boolean {
  let at = 0;
  while (at < bytes.length) {
    const next = packetAt(bytes, at);
    if (next === null || next.end > bytes.length || next.end <= next.start) return false;
    if (!allowed.has(next.tag) || (at === 0 && next.tag !== first)) return false;
    const version = bytes[next.start] ?? 0;
    if (VERSIONED.has(next.tag) && (version < 3 || version > 6)) return false;
    at = next.end;
  }
  return at > 0;
}

/** Whether bytes are an OpenPGP public key with what belongs to it, and no secret key. */
export function isPgpPublicKey(bytes: Uint8Array): boolean {
  return consistsOf(bytes, Tag.PublicKey, OF_PUBLIC_KEY);
}

const ONLY_SIGNATURES: ReadonlySet<number> = new Set([Tag.Signature]);

/** Whether bytes are OpenPGP signatures. */
export function isPgpSignature(bytes: Uint8Array): boolean {
  return consistsOf(bytes, Tag.Signature, ONLY_SIGNATURES);
}

const SSH_MAGIC = Buffer.from('SSHSIG\0\0\0\u0001', 'latin1');
/** Public key, namespace, reserved, hash algorithm and signature, each behind its length. */
const SSH_FIELDS = 5;

/** Whether bytes are a signature in the format of OpenSSH (its `PROTOCOL.sshsig`). */
export function isSshSignature(bytes: Uint8Array): boolean {
  if (SSH_MAGIC.some((byte, index) => bytes[index] !== byte)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = SSH_MAGIC.length;
  for (let field = 0; field < SSH_FIELDS; field += 1) {
    if (at + 4 > bytes.length) return false;
    at += 4 + view.getUint32(at);
  }
  return at === bytes.length;
}
