import { hash } from 'node:crypto';

/** A line's place in the chain: its number, and the SHA-256 (lowercase hex) of its bytes without the newline. */
export interface ChainLink {
  readonly seq: number;
  readonly hash: string;
}

/** What stands before the first line of a log. */
export const GENESIS: ChainLink = { seq: 0, hash: '0'.repeat(64) };

/** The hash that the next line names as its predecessor's. `line` is without its newline. */
export function hashLine(line: string | Uint8Array): string {
  return hash('sha256', line, 'hex');
}

/** `SEQ:HASH`, as the head file, the command line and messages write a link. */
export function formatLink(link: ChainLink): string {
  return `${link.seq}:${link.hash}`;
}

const LINK = /^(\d{1,15}):([\da-f]{64})$/;

/** Parses `SEQ:HASH`; null where it is not one. */
export function checkLink(text: string): ChainLink | null {
  const match = LINK.exec(text.trim());
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { seq: Number(match[1]), hash: match[2] };
}

/** Whether two links are one: the same position and the same hash. */
export function isSameLink(left: ChainLink, right: ChainLink): boolean {
  return left.seq === right.seq && left.hash === right.hash;
}
