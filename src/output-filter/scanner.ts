import { beginsDisguise, characterTable, DISGUISE, type CharacterTables } from './characters.js';
import { compileDetector, type CompiledDetector } from './compiled-detector.js';
import type { Detector } from './detector.js';
import type { Hit } from './hits.js';
import { createKeywordAutomaton } from './keyword-automaton.js';
import { createQuietWalks, MIN_RUN, type QuietWalks } from './quiet-walk.js';
import { Windows } from './revision.js';
import { createRunTrial, type RunTrial } from './run-detectors.js';
import { Scan, type Lead, type ScanInput } from './scan.js';
import { createTextWalk, type Place, type TextWalk } from './text-walk.js';

/** How far places of rest stand apart. */
const REST_DISTANCE = 256;

/** What the scanner looks for besides the rules that it knows. */
export interface ScannerOptions {
  /** What characters fold to, by which the scanner tells a disguise from ordinary writing. */
  readonly foldTable: Uint16Array;
  readonly detectors: readonly Detector[];
  readonly credentialWords: readonly string[];
  readonly vendorNames: readonly string[];
}

/** What a pass over a text saw besides its matches: what else may be worth examining. */
export interface ScanTraits {
  /** Some character could hide others: not printable ASCII, or the start of an escape. */
  readonly mayBeDisguised: boolean;
  /** Starts and ends, alternating, of runs of 16 and more characters of the base64 alphabets. */
  readonly runs: readonly number[];
  /** Places, some hundred characters apart, where nothing read before mattered any more; see {@link Revision}. */
  readonly rests: readonly number[];
}

/** A pass over a text: reports each match, and answers what else it saw. */
type ScanPass = (input: ScanInput, report: (hit: Hit) => void) => ScanTraits;

/** What looks at texts: in full, or for short ordinary ones at a glance. */
export type Scanner = ScanPass & QuietWalks;

/** For what is seen in texts that have nothing to report. */
const NONE: readonly number[] = Object.freeze([]);
const PLAIN: ScanTraits = { mayBeDisguised: false, runs: NONE, rests: NONE };

function leadsOf(options: ScannerOptions, compiled: readonly CompiledDetector[]): Map<string, Lead[]> {
  const leads = new Map<string, Lead[]>();
  const add = (keyword: string, lead: Lead): void => {
    const key = keyword.toLowerCase();
    const list = leads.get(key);
    if (list === undefined) leads.set(key, [lead]);
    else list.push(lead);
  };
  for (const [index, { keywords }] of options.detectors.entries()) {
    const detector = compiled[index] ?? null;
    for (const keyword of keywords) add(keyword, { kind: 'detector', length: keyword.length, detector });
  }
  for (const word of options.credentialWords) {
    add(word, { kind: 'credential', length: word.length, detector: null });
  }
  for (const name of options.vendorNames) add(name, { kind: 'vendor', length: name.length, detector: null });
  return leads;
}

/** What a pass looks for, and how it walks. */
interface PassOptions {
  readonly walk: TextWalk;
  readonly tables: CharacterTables;
  /** What the keywords that end at each final state lead to, by its place among them. */
  readonly leadsAt: readonly (readonly Lead[])[];
  readonly firstFinal: number;
  readonly tryRun: RunTrial;
}

/** What a pass over a text, which has come to its end, saw of it; without lists for what there was none of. */
function traitsOf(
  { traits }: Place,
  runs: readonly number[] | null,
  rests: readonly number[] | null,
): ScanTraits {
  const mayBeDisguised = (traits & DISGUISE) !== 0;
  if (!mayBeDisguised && runs === null) return PLAIN;
  return { mayBeDisguised, runs: runs ?? NONE, rests: rests ?? NONE };
}

/** Makes the pass over a text, which follows what the keywords lead to. */
function createPass({ walk, tables, leadsAt, firstFinal, tryRun }: PassOptions): ScanPass {
  return (input, report) => {
    const { text, revision } = input;
    const windows = revision === undefined ? null : new Windows(revision, text.length);
    const first = windows?.start ?? 0;
    let rests = windows?.rests ?? null;
    let nextRest = windows?.nextRest ?? REST_DISTANCE;
    // Made with the first keyword or run: most texts have neither.
    let scan: Scan | null = null;
    let runs: number[] | null = null;
    const place: Place = { index: first, runStart: first, state: 0, traits: 0 };
    for (let rest = nextRest; ;) {
      if (walk(text, place, rest)) {
        scan ??= new Scan(input, report);
        for (const lead of leadsAt[place.state - firstFinal] ?? []) scan.follow(lead, place.index);
        continue;
      }
      const { index, runStart } = place;
      if (index - runStart >= MIN_RUN) {
        scan ??= new Scan(input, report);
        // Made with what it holds, it takes the room of that: most short texts have one run.
        if (runs === null) runs = [runStart, index];
        else runs.push(runStart, index);
        scan.tryVendorToken(runStart, index);
        tryRun(scan, text, runStart, index);
      }
      if (index >= text.length) return traitsOf(place, runs, rests);
      place.runStart = index + 1;
      // Where a disguise begins, the pass over another form would seldom be at rest.
      if (index >= nextRest && scan?.isBusyAt(index) !== true && !beginsDisguise(text, index, tables)) {
        const goOn = windows?.restAt(index) ?? index;
        if (windows === null) (rests ??= []).push(index);
        nextRest = windows?.nextRest ?? index + REST_DISTANCE;
        if (goOn > index) Object.assign(place, { index: goOn, runStart: goOn, state: 0 });
      }
      // Before the character that was looked at there is nothing more to do.
      rest = Math.max(nextRest, index + 1);
    }
  };
}

/** Builds the scanner: every keyword of every detector is looked for in one pass, and only near it a detector runs. */
export function createScanner(options: ScannerOptions): Scanner {
  const compiled = options.detectors.map(compileDetector);
  const leads = leadsOf(options, compiled);
  const leadLists = [...leads.values()];
  const automaton = createKeywordAutomaton([...leads.keys()]);
  const tables: CharacterTables = { table: characterTable(automaton.classOf), foldTable: options.foldTable };
  const pass = createPass({
    walk: createTextWalk(automaton, tables),
    tables,
    leadsAt: automaton.endings.map((keywords) => keywords.flatMap((keyword) => leadLists[keyword] ?? [])),
    firstFinal: automaton.firstFinal,
    tryRun: createRunTrial(compiled.filter((_, index) => options.detectors[index]?.keywords.length === 0)),
  });
  return Object.assign(pass, createQuietWalks({ automaton, tables, leadLists }));
}
