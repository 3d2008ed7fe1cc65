import type { FieldJoints } from './examine.js';

/** The fields of one object or list, joined; where they meet is worked out when first asked for, which is seldom. */
export class JoinedFields implements FieldJoints {
  readonly text: string;
  /** For each place in the text, and its end: whether a field begins there. */
  #joints: Uint8Array | null = null;

  constructor(private readonly fields: readonly string[]) {
    this.text = fields.join('');
  }

  has(offset: number): boolean {
    this.#joints ??= this.#locate();
    return this.#joints[offset] === 1;
  }

  isCrossedBy(start: number, end: number): boolean {
    this.#joints ??= this.#locate();
    const joint = this.#joints.indexOf(1, start + 1);
    return joint >= 0 && joint < end;
  }

  #locate(): Uint8Array {
    const joints = new Uint8Array(this.text.length + 1);
    let offset = 0;
    for (const { length } of this.fields) {
      joints[offset] = 1;
      offset += length;
    }
    joints[offset] = 1;
    return joints;
  }
}
