import type { KeyObject } from 'node:crypto';
import { GENESIS, type ChainLink } from '../chain.js';
import { isCheckpointSignedBy } from '../checkpoint.js';
import { keyIdOf } from '../signing-key.js';
import { linkOf, type PlacedLine } from './place.js';
import type { ProblemList } from './report.js';

const NO_CHECKPOINT =
  'the log holds no checkpoint yet, so there is no signature to check: the first is written after a while ' +
  '(ACP_AUDIT_CHECKPOINT_SECONDS, ACP_AUDIT_CHECKPOINT_EVENTS) and at an orderly stop; until then only the chain can ' +
  'be checked, without --public-key';

/** Checks checkpoints: that each names the one before it and, where keys are given, that it is signed by one of them. */
export class CheckpointCheck {
  readonly #problems: ProblemList;
  readonly #keys: ReadonlyMap<string, KeyObject>;
  #last: ChainLink | null = null;
  #lastUnsigned: PlacedLine | null = null;
  #signedCount = 0;
  count = 0;
  /** Lines since the last checkpoint that counts. */
  linesAfter = 0;

  constructor(problems: ProblemList, publicKeys: readonly KeyObject[]) {
    this.#problems = problems;
    this.#keys = new Map(publicKeys.map((key) => [keyIdOf(key), key]));
  }

  /** Whether the line is a checkpoint that stands for everything before it. */
  accept(placed: PlacedLine): boolean {
    if (placed.event.event_type !== 'audit_checkpoint') {
      this.linesAfter += 1;
      return false;
    }
    this.count += 1;
    this.#checkPrevious(placed);
    this.#last = linkOf(placed);
    const counts = this.#keys.size === 0 || this.#isSigned(placed);
    this.linesAfter = counts ? 0 : this.linesAfter + 1;
    return counts;
  }

  /** What only the end of the log shows. */
  finish(): void {
    if (this.#keys.size === 0) return;
    const unsigned = this.#lastUnsigned;
    if (unsigned !== null) {
      const message = 'a checkpoint without a signature, and none with one after it';
      this.#problems.add('unsigned_checkpoint', message, unsigned.file, unsigned.line);
    } else if (this.#signedCount === 0) {
      const message =
        this.count === 0 ? NO_CHECKPOINT : 'no checkpoint of the log is signed with a key that was given';
      this.#problems.add('no_signed_checkpoint', message);
    }
  }

  #checkPrevious({ event, file, line }: PlacedLine): void {
    const { previous_checkpoint_seq: seq, previous_checkpoint_hash: hash } = event;
    const last = this.#last;
    if (last === null) {
      if (seq === 0 && hash !== GENESIS.hash) this.#mismatch(file, line);
      return;
    }
    if (seq !== last.seq || hash !== last.hash) this.#mismatch(file, line);
  }

  #mismatch(file: string, line: number): void {
    this.#problems.add('checkpoint_mismatch', 'does not name the checkpoint before it', file, line);
  }

  /** A checkpoint without a signature is vouched for by a later one that has it, since the chain is below both. */
  #isSigned(placed: PlacedLine): boolean {
    const { event, bytes, file, line } = placed;
    if (event['signature'] === null && event['key_id'] === null) {
      this.#lastUnsigned = placed;
      return false;
    }
    const key = typeof event['key_id'] === 'string' ? this.#keys.get(event['key_id']) : undefined;
    if (key === undefined) {
      this.#problems.add('unknown_key', 'signed with a key that was not given', file, line);
      return false;
    }
    if (!isCheckpointSignedBy(bytes, key)) {
      this.#problems.add('bad_signature', 'the signature does not fit the line', file, line);
      return false;
    }
    this.#lastUnsigned = null;
    this.#signedCount += 1;
    return true;
  }
}
