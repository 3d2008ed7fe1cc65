import type { Rule } from './detector.js';
import type { Hits } from './hits.js';
import type { Revision } from './revision.js';
import type { Joints, ScanInput } from './scan.js';
import { ITSELF, type ToSource } from './source-map.js';

/** What one examination gives to all forms of its text. */
interface Common {
  readonly hits: Hits;
  /** Where the text is of joined fields: only formats count. */
  readonly joints: Joints | null;
}

/** A form of a text as the scanner reads it; what was found in another form is not judged again. */
export class Form implements ScanInput {
  readonly joints: Joints | undefined;
  readonly formatsOnly: boolean;
  readonly #hits: Hits;

  constructor(
    readonly text: string,
    { hits, joints }: Common,
    private readonly toSource: ToSource,
    readonly revision: Revision | undefined,
  ) {
    // Where fields meet is known of the text itself only.
    this.joints = toSource === ITSELF ? (joints ?? undefined) : undefined;
    this.formatsOnly = joints !== null;
    this.#hits = hits;
  }

  isCovered(rule: Rule, start: number, end: number): boolean {
    if (this.toSource === ITSELF || !this.#hits.has(rule)) return false;
    const [from, to] = this.toSource(start, end);
    return this.#hits.covers(rule, from, to);
  }
}
