import { characterTable, CLASS, DISGUISE, IN_RUN, isDisguise } from './characters.js';
import { createNameJudge } from './credential-name.js';
import { secretRule, type Detector } from './detector.js';
import type { Hit } from './hits.js';
import { createKeywordAutomaton } from './keyword-automaton.js';
import { createQuietWalks, MIN_RUN, type QuietWalks } from './quiet-walk.js';
import { Windows } from './revision.js';
import { Scan, type CompiledDetector, type Lead, type ScanInput } from './scan.js';

/** How far places of rest stand apart. */
const REST_DISTANCE = 256;
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
  /** Places, some hundred characters apart, where nothing read before mattered any more; see {@link Revision}. */
  readonly rests: readonly number[];
}

/** What looks at texts: in full, or for short ordinary ones at a glance. */
export interface Scanner extends QuietWalks {
  (input: ScanInput, report: (hit: Hit) => void): ScanTraits;
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
  const { next, classOf, firstFinal, endings, stateStride } = automaton;
  /** What the keywords that end at each final state lead to. */
  const leadsAt = endings.map((keywords) => keywords.flatMap((keyword) => leadLists[keyword] ?? []));
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
      const leadsHere = leadsAt[(state - firstFinal) / stateStride] ?? [];
      for (let place = 0; place < leadsHere.length; place += 1) {
        const lead = leadsHere[place];
        if (lead !== undefined) pass.follow(lead, index + 1);
      }
    }
    if (text.length - runStart >= MIN_RUN) {
      endRun(text, pass ?? new Scan(input, report, judgeName), (runs ??= []), runStart, text.length);
    }
    const mayBeDisguised = (traits & DISGUISE) !== 0;
    if (!mayBeDisguised && runs === null) return PLAIN;
    return { mayBeDisguised, runs: runs ?? NONE, rests: rests ?? NONE };
  };

  return Object.assign(scan, createQuietWalks(automaton, { table, foldTable }, leadLists));
}
