import type { FieldJoints } from './examine.js';
import { lastAtOrBefore } from './last-at-or-before.js';

/** The fields of one object or list, joined; where they meet is worked out when first asked for, which is seldom. */
export class JoinedFields implements FieldJoints {
  readonly text: string;
  /** Where each field that holds something begins, and the last one ends. */
  #joints: readonly number[] | null = null;
  /** The joint asked for last: the next one asked for is seldom far from it. */
  #last = 0;

  constructor(private readonly fields: readonly string[]) {
    this.text = fields.join('');
  }

  has(offset: number): boolean {
    return this.#lastUpTo(offset) === offset;
  }

  isCrossedBy(start: number, end: number): boolean {
    return this.#lastUpTo(end - 1) > start;
  }

  /** The last joint that is not behind an offset. */
  #lastUpTo(offset: number): number {
    const joints = (this.#joints ??= this.#locate());
    this.#last = lastAtOrBefore(joints, 1, offset, this.#last);
    return joints[this.#last] ?? 0;
  }

  #locate(): readonly number[] {
    const joints = [0];
    let offset = 0;
    for (const field of this.fields) {
      if (field.length === 0) continue;
      offset += field.length;
      joints.push(offset);
    }
    return joints;
  }
}
