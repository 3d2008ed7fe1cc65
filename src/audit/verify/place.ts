import type { ChainLink } from '../chain.js';
import type { LogLine } from '../log-line.js';

/** A line that can be read, and where it stands. */
export interface PlacedLine {
  readonly event: LogLine;
  readonly bytes: Buffer;
  readonly hash: string;
  readonly file: string;
  readonly line: number;
}

/** The link that a line makes in the chain. */
export function linkOf(placed: PlacedLine): ChainLink {
  return { seq: placed.event.seq, hash: placed.hash };
}
