import type { KeyObject } from 'node:crypto';
import { GENESIS, type ChainLink } from '../chain.js';
import { isCheckpointSignedBy } from '../checkpoint.js';
import { keyIdOf } from '../signing-key.js';
import { linkOf, type PlacedLine } from './place.js';
import type { ProblemList } from './report.js';

const NO_CHECKPOINT =
  'the log holds no checkpoint, so there is no signature to check: the first stands behind the first events of a ' +
  'start; without --public-key the chain alone can be checked';

/**
 * What a line is worth as a checkpoint: with keys, signed by one of them, unsigned, or not to be trusted; without keys,
 * with a signature that nobody checked, or unsigned; and most lines are no checkpoint.
 */
export type CheckpointStanding = 'none' | 'signed' | 'not_checked' | 'unsigned' | 'refused';

/** Checks checkpoints: that each names the one before it and, where keys are given, that it is signed by one of them. */
export class CheckpointCheck {
  readonly #problems: ProblemList;
  readonly #keys: ReadonlyMap<string, KeyObject>;
  #last: ChainLink | null = null;
  #lastUnsigned: PlacedLine | null = null;
  #signedCount = 0;
  /** Whether any checkpoint carries a signature, checked or not. */
  hasSignature = false;
  count = 0;
  /** Lines since the last checkpoint that counts. */
  linesAfter = 0;

  constructor(problems: ProblemList, publicKeys: readonly KeyObject[]) {
    this.#problems = problems;
    this.#keys = new Map(publicKeys.map((key) => [keyIdOf(key), key]));
  }

  accept(placed: PlacedLine): CheckpointStanding {
    if (placed.event.event_type !== 'audit_checkpoint') {
      this.linesAfter += 1;
      return 'none';
    }
    this.count += 1;
    this.#checkPrevious(placed);
    this.#last = linkOf(placed);
    const standing = this.#judge(placed);
    const counts = standing === 'signed' || this.#keys.size === 0;
    this.linesAfter = counts ? 0 : this.linesAfter + 1;
    return standing;
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
  #judge(placed: PlacedLine): CheckpointStanding {
    const { event, bytes, file, line } = placed;
    if (event['signature'] === null && event['key_id'] === null) {
      this.#lastUnsigned = placed;
      return 'unsigned';
    }
    this.hasSignature = true;
    if (this.#keys.size === 0) return 'not_checked';
    const key = typeof event['key_id'] === 'string' ? this.#keys.get(event['key_id']) : undefined;
    if (key === undefined) {
      this.#problems.add('unknown_key', 'signed with a key that was not given', file, line);
      return 'refused';
    }
    if (!isCheckpointSignedBy(bytes, key)) {
      this.#problems.add('bad_signature', 'the signature does not fit the line', file, line);
      return 'refused';
    }
    this.#lastUnsigned = null;
    this.#signedCount += 1;
    return 'signed';
  }
}
