import { characterTable, CLASS, DISGUISE, IN_RUN, isDisguise } from './characters.js';
import { createNameJudge } from './credential-name.js';
import { secretRule, type Detector } from './detector.js';
import type { Hit } from './hits.js';
import { createKeywordAutomaton, type KeywordAutomaton } from './keyword-automaton.js';
import { Windows } from './revision.js';
import { Scan, type CompiledDetector, type Lead, type ScanInput } from './scan.js';

const MIN_RUN = 16;
/** How far places of rest stand apart. */
const REST_DISTANCE = 1024;
const SLASH = 47;

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
  /** Places, some thousand characters apart, where nothing read before mattered any more; see {@link Revision}. */
  readonly rests: readonly number[];
}

/**
 * Follows a text, in pieces, for as long as nothing in it could be a finding: no keyword that leads anywhere, no run
 * that could be a token, no disguise. It allocates nothing, so that short ordinary texts cost what reading them costs.
 * Takes a state ({@link QUIET_START} to begin with) and answers the next, or {@link LOUD}: examine the text in full.
 */
export type QuietWalk = (state: number, piece: string) => number;

/** The state in which a quiet walk begins. */
export const QUIET_START = 0;
/** The answer of a quiet walk that a finding cannot be ruled out. */
export const LOUD = -1;

/** What looks at texts: in full, or for short ordinary ones at a glance. */
export interface Scanner {
  (input: ScanInput, report: (hit: Hit) => void): ScanTraits;
  readonly walkQuietly: QuietWalk;
}

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
  for (const detector of compiled) {
    for (const keyword of detector.detector.keywords) {
      add(keyword, { kind: 'detector', length: keyword.length, detector });
    }
  }
  for (const word of options.credentialWords) add(word, { kind: 'credential', length: word.length });
  for (const name of options.vendorNames) add(name, { kind: 'vendor', length: name.length });
  return leads;
}

/** Builds the scanner: every keyword of every detector is looked for in one pass, and only near it a detector runs. */
export function createScanner(options: ScannerOptions): Scanner {
  const compiled = options.detectors.map((detector, index) => ({
    index,
    detector,
    rule: detector.rule ?? secretRule(detector.id),
    hasGroup: /(?<!\\)\((?!\?)/.test(detector.pattern.source),
  }));
  const leads = leadsOf(options, compiled);
  const leadLists = [...leads.values()];
  const automaton = createKeywordAutomaton([...leads.keys()]);
  const { next, classOf, firstFinal, endingAt } = automaton;
  const atRuns = compiled.filter(({ detector }) => detector.keywords.length === 0);

  const endRun = (text: string, scan: Scan, runs: number[], start: number, end: number): void => {
    runs.push(start, end);
    scan.tryVendorToken(start, end);
    // A path or a sum of parts is one run: each part long enough is tried.
    for (let from = start, at = start; at <= end; at += 1) {
      if (at < end && text.charCodeAt(at) !== SLASH) continue;
      if (at - from >= MIN_RUN || from === start) {
        for (const detector of atRuns) {
          if (at - from >= (detector.detector.minRun ?? 0)) scan.tryDetector(detector, from);
        }
      }
      from = at + 1;
    }
  };

  const table = characterTable(classOf);
  const { foldTable } = options;
  const judgeName = createNameJudge();

  const scan = (input: ScanInput, report: (hit: Hit) => void): ScanTraits => {
    const { text, revision } = input;
    const windows = revision === undefined ? null : new Windows(revision, text.length);
    const first = windows?.start ?? 0;
    let rests = windows?.rests ?? null;
    let nextRest = windows?.nextRest ?? REST_DISTANCE;
    // Made with the first keyword or run: most texts have neither.
    let pass: Scan | null = null;
    let runs: number[] | null = null;
    let traits = 0;
    let state = 0;
    let runStart = first;
    for (let index = first; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      const entry = code < 128 ? (table[code] ?? 0) : isDisguise(text, index, code, foldTable) ? DISGUISE : 0;
      if ((entry & IN_RUN) === 0) {
        traits |= entry;
        if (index - runStart >= MIN_RUN) {
          endRun(text, (pass ??= new Scan(input, report, judgeName)), (runs ??= []), runStart, index);
        }
        runStart = index + 1;
        if (index >= nextRest && pass?.isBusyAt(index) !== true) {
          const goOn = windows?.restAt(index) ?? index;
          if (windows === null) (rests ??= []).push(index);
          nextRest = windows?.nextRest ?? index + REST_DISTANCE;
          if (goOn > index) {
            state = 0;
            runStart = goOn;
            index = goOn - 1;
            continue;
          }
        }
      }
      state = next[state + (entry & CLASS)] ?? 0;
      if (state < firstFinal) continue;
      pass ??= new Scan(input, report, judgeName);
      for (const keyword of endingAt(state)) {
        for (const lead of leadLists[keyword] ?? []) pass.follow(lead, index + 1);
      }
    }
    if (text.length - runStart >= MIN_RUN) {
      endRun(text, pass ?? new Scan(input, report, judgeName), (runs ??= []), runStart, text.length);
    }
    const mayBeDisguised = (traits & DISGUISE) !== 0;
    if (!mayBeDisguised && runs === null) return PLAIN;
    return { mayBeDisguised, runs: runs ?? NONE, rests: rests ?? NONE };
  };

  return Object.assign(scan, {
    walkQuietly: createQuietWalk(automaton, table, loudStates(automaton, leadLists)),
  });
}

/** For each final state, by its place among them: whether one of its keywords leads somewhere by itself. */
function loudStates({ endings }: KeywordAutomaton, leadLists: readonly (readonly Lead[])[]): Uint8Array {
  // A vendor's name matters only before a run, which is loud in any case.
  const isLoud = (keyword: number): boolean =>
    (leadLists[keyword] ?? []).some((lead) => lead.kind !== 'vendor');
  return Uint8Array.from(endings, (keywords) => (keywords.some(isLoud) ? 1 : 0));
}

function createQuietWalk(
  { next, firstFinal, stateStride }: KeywordAutomaton,
  table: Uint16Array,
  loud: Uint8Array,
): QuietWalk {
  return (start, piece) => {
    let state = start;
    let runStart = 0;
    for (let index = 0; index < piece.length; index += 1) {
      const code = piece.charCodeAt(index);
      if (code > 127) return LOUD;
      const entry = table[code] ?? 0;
      if ((entry & IN_RUN) === 0) {
        if ((entry & DISGUISE) !== 0 || index - runStart >= MIN_RUN) return LOUD;
        runStart = index + 1;
      }
      state = next[state + (entry & CLASS)] ?? 0;
      if (state >= firstFinal && loud[(state - firstFinal) / stateStride] === 1) return LOUD;
    }
    return piece.length - runStart >= MIN_RUN ? LOUD : state;
  };
}
