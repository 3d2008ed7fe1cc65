import { decodeRuns } from './decode-runs.js';
import type { Fold } from './encoded.js';
import { Form } from './form.js';
import { readHiddenText } from './hidden-text.js';
import type { HarmlessTexts } from './harmless-texts.js';
import { Hits, type Hit } from './hits.js';
import { runsAcross } from './joined-runs.js';
import type { Normaliser } from './normalise.js';
import type { Revision } from './revision.js';
import { checkRuns } from './run-rules.js';
import type { Joints, ScanInput } from './scan.js';
import { DISGUISED, LOUD, MAX_GLANCE_LENGTH, MIN_JOINED_RUN, QUIET_START } from './quiet-walk.js';
import type { Scanner, ScanTraits } from './scanner.js';
import { ITSELF, through, type ToSource } from './source-map.js';
import { TooMuchToExamineError } from './too-much.js';

/** Decoding stops after this many levels, and this many characters of decoded text in one examination. */
const MAX_LEVELS = 2;
const DECODE_BUDGET_CHARACTERS = 2 * 1024 * 1024;

/** A structure of more unknown texts than this would only push out one after the other, and costs no more look-ups. */
const MAX_UNKNOWN = 256;

/** What there is to see of a text that may be disguised, and has nothing else to report. */
const ONLY_DISGUISED: ScanTraits = { mayBeDisguised: true, runs: [], rests: [] };

/** What a text is examined with. */
export interface Examiner {
  readonly scan: Scanner;
  readonly normalise: Normaliser;
  readonly fold: Fold;
  readonly harmless: HarmlessTexts;
}

/** Where fields were joined to the text that is examined. */
export interface FieldJoints extends Joints {
  /** Whether a span belongs to more than one field. */
  readonly isCrossedBy: (start: number, end: number) => boolean;
}

/** Examines texts in all their forms, one after another: what each of them needs is made once. */
class Examination {
  #budget = DECODE_BUDGET_CHARACTERS;
  #isHarmless = true;

  constructor(
    private readonly examiner: Examiner,
    public hits: Hits,
    private readonly accepts: (hit: Hit) => boolean,
    /** Where the text is of joined fields: only formats count, and only across fields. */
    readonly joints: FieldJoints | null = null,
  ) {}

  /** Begins with another text, what is found in which is added to `hits`. */
  restart(hits: Hits): void {
    this.hits = hits;
    this.#budget = DECODE_BUDGET_CHARACTERS;
    this.#isHarmless = true;
  }

  /** Whether nothing was found so far, nor would be in another context. */
  get isHarmless(): boolean {
    return this.#isHarmless;
  }

  examine(text: string, toSource: ToSource, level: number, changed?: Revision): void {
    this.examineSeen(this.examiner.scan.glanceAt(text), text, toSource, level, changed);
  }

  /** Examines a text after a glance at it. */
  examineSeen(seen: number, text: string, toSource: ToSource, level: number, changed?: Revision): void {
    if (seen === DISGUISED) this.#examineForms(text, ONLY_DISGUISED, toSource, level);
    if (seen !== LOUD) return;
    this.#examineForms(text, this.#scan(text, toSource, level, changed), toSource, level);
  }

  /** Examines joined fields, of which most hold names and numbers: those are done with after a look at them. */
  examineFields(text: string): void {
    const traits = this.#scan(text, ITSELF, 0);
    if (!traits.mayBeDisguised && !hasRunOf(MIN_JOINED_RUN, traits.runs)) return;
    this.#examineForms(text, traits, ITSELF, 0);
  }

  /** Examines what else a text may be read as, after what a pass over it saw. */
  #examineForms(
    text: string,
    { mayBeDisguised, runs, rests }: ScanTraits,
    toSource: ToSource,
    level: number,
  ): void {
    if (mayBeDisguised && level < MAX_LEVELS) this.#examineHidden(text, toSource, level);
    const normalised = mayBeDisguised ? this.examiner.normalise(text) : null;
    if (normalised === null) {
      this.#decodeRuns(text, runs, toSource, level);
      return;
    }
    // Without places of rest, as in short texts, all of the other form is scanned anyhow.
    const revision = rests.length === 0 ? undefined : normalised.revise(rests);
    const map = through(toSource, normalised);
    if (level < MAX_LEVELS) {
      this.#decodeRuns(text, runs, toSource, level);
      this.examine(normalised.text, map, level + 1, revision);
    } else this.#scan(normalised.text, map, level + 1, revision);
  }

  /** Examines what invisible characters of a text carry. */
  #examineHidden(text: string, toSource: ToSource, level: number): void {
    const hidden = readHiddenText(text);
    if (hidden === null) return;
    this.examine(hidden.text, through(toSource, hidden), level + 1);
  }

  /** Adds a match in the text itself: most texts are examined in this one form. */
  readonly #report = (hit: Hit): void => {
    this.#isHarmless = false;
    if (this.accepts(hit)) this.#add(hit, hit.start, hit.end);
  };

  /** Adds a match in a form of the text. */
  #reportFrom(toSource: ToSource): (hit: Hit) => void {
    if (toSource === ITSELF) return this.#report;
    return (hit) => {
      this.#isHarmless = false;
      if (!this.accepts(hit)) return;
      const [start, end] = toSource(hit.start, hit.end);
      this.#add(hit, start, end);
    };
  }

  #add(hit: Hit, start: number, end: number): void {
    if (this.joints?.isCrossedBy(start, end) !== false) this.hits.add(hit, start, end);
  }

  #scan(text: string, toSource: ToSource, level: number, revision?: Revision): ScanTraits {
    const report = this.#reportFrom(toSource);
    const input = new Form(text, this, toSource, revision);
    const traits = this.examiner.scan(input, report);
    if (traits.runs.length > 0 && this.joints === null)
      this.#checkRuns(input, traits.runs, toSource, { level, report });
    return traits;
  }

  #checkRuns(
    input: ScanInput,
    runs: readonly number[],
    toSource: ToSource,
    { level, report }: { readonly level: number; readonly report: (hit: Hit) => void },
  ): void {
    const passed = checkRuns(input, runs, report);
    if (level >= MAX_LEVELS || passed.length === 0) return;
    // THREAT: the names in a certificate may say anything; they are read as the text around it is.
    for (const { start, end, strings } of passed) {
      this.#spend(strings.length);
      this.examine(strings, () => toSource(start, end), level + 1);
    }
  }

  /** Examines what the runs of a text decode to, all of it as one text. */
  #decodeRuns(text: string, runs: readonly number[], toSource: ToSource, level: number): void {
    if (level >= MAX_LEVELS || runs.length === 0) return;
    const decoded = decodeRuns(
      text,
      this.#worthDecoding(text, runs, toSource),
      this.examiner.fold,
      this.#spend,
    );
    if (decoded !== null) this.examine(decoded.text, through(toSource, decoded), level + 1);
  }

  /** Of joined fields the runs that lie in several: the others are decoded with their field. */
  #worthDecoding(text: string, runs: readonly number[], toSource: ToSource): readonly number[] {
    const { joints } = this;
    if (joints === null) return runs;
    return runsAcross(text, runs, (start, end) => {
      const [from, to] = toSource(start, end);
      return joints.isCrossedBy(from, to);
    });
  }

  readonly #spend = (characters: number): void => {
    this.#budget -= characters;
    if (this.#budget < 0) throw new TooMuchToExamineError('more encoded text than the filter examines');
  };
}

/** Adds to `hits` what is found in a text and in each of its other forms. */
export function examineText(
  examiner: Examiner,
  text: string,
  hits: Hits,
  accepts: (hit: Hit) => boolean,
): void {
  const { scan, harmless } = examiner;
  // Most texts are short and ordinary, or known: a glance settles those, and costs the others little.
  const seen = scan.glanceAt(text);
  const mayBeKnown = text.length <= MAX_GLANCE_LENGTH;
  if (seen === QUIET_START || (mayBeKnown && harmless.has(text))) return;
  const examination = new Examination(examiner, hits, accepts);
  examination.examineSeen(seen, text, ITSELF, 0);
  if (mayBeKnown && examination.isHarmless) harmless.add(text);
}

/** Makes what examines many texts, each by itself, and answers what is found in it. */
export function createTextExamination(
  examiner: Examiner,
  accepts: (hit: Hit) => boolean,
): (text: string) => Hits {
  const { scan, harmless } = examiner;
  let hits = new Hits();
  // Made with the first text: most structures have none that a glance does not settle.
  let examination: Examination | null = null;
  let unknown = 0;
  return (text) => {
    if (!hits.isEmpty) hits = new Hits();
    const seen = scan.glanceAt(text);
    if (seen === QUIET_START) return hits;
    const mayBeKnown = text.length <= MAX_GLANCE_LENGTH && unknown < MAX_UNKNOWN;
    if (mayBeKnown && harmless.has(text)) return hits;
    if (mayBeKnown) unknown += 1;
    examination ??= new Examination(examiner, hits, accepts);
    examination.restart(hits);
    examination.examineSeen(seen, text, ITSELF, 0);
    if (mayBeKnown && examination.isHarmless) harmless.add(text);
    return hits;
  };
}

/** Adds to `hits` the formats that only joined fields have together, in each of their forms. */
export function examineFields(
  examiner: Examiner,
  fields: FieldJoints & { readonly text: string },
  hits: Hits,
  accepts: (hit: Hit) => boolean,
): void {
  const { text } = fields;
  if (text.length <= MAX_GLANCE_LENGTH && examiner.scan.walkFields(QUIET_START, text) !== LOUD) return;
  new Examination(examiner, hits, accepts, fields).examineFields(text);
}

function hasRunOf(length: number, runs: readonly number[]): boolean {
  for (let index = 0; index < runs.length; index += 2) {
    if ((runs[index + 1] ?? 0) - (runs[index] ?? 0) >= length) return true;
  }
  return false;
}
