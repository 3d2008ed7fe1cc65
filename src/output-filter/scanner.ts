import { characterTable, CLASS, DISGUISE, IN_RUN, isDisguise } from './characters.js';
import { createNameJudge } from './credential-name.js';
import { secretRule, type Detector } from './detector.js';
import type { Hit } from './hits.js';
import { createKeywordAutomaton } from './keyword-automaton.js';
import { Scan, type CompiledDetector, type Lead, type ScanInput } from './scan.js';

const MIN_RUN = 16;
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
}
export type Scanner = (input: ScanInput, report: (hit: Hit) => void) => ScanTraits;
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
  }));
  const leads = leadsOf(options, compiled);
  const leadLists = [...leads.values()];
  const { next, classOf, firstFinal, endingAt } = createKeywordAutomaton([...leads.keys()]);
  const atRuns = compiled.filter(({ detector }) => detector.keywords.length === 0);

  const endRun = (text: string, scan: Scan, runs: number[], start: number, end: number): void => {
    runs.push(start, end);
    scan.tryVendorToken(start, end);
    // A path or a sum of parts is one run: each part long enough is tried.
    for (let from = start, at = start; at <= end; at += 1) {
      if (at < end && text.charCodeAt(at) !== SLASH) continue;
      if (at - from >= MIN_RUN || from === start) {
        for (const detector of atRuns) scan.tryDetector(detector, from);
      }
      from = at + 1;
    }
  };

  const table = characterTable(classOf);
  const { foldTable } = options;
  const judgeName = createNameJudge();

  return (input, report) => {
    const { text } = input;
    const scan = new Scan(input, report, judgeName);
    const runs: number[] = [];
    let traits = 0;
    let state = 0;
    let runStart = 0;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      const entry = code < 128 ? (table[code] ?? 0) : isDisguise(text, index, code, foldTable) ? DISGUISE : 0;
      if ((entry & IN_RUN) === 0) {
        traits |= entry;
        if (index - runStart >= MIN_RUN) endRun(text, scan, runs, runStart, index);
        runStart = index + 1;
      }
      state = next[state + (entry & CLASS)] ?? 0;
      if (state < firstFinal) continue;
      for (const keyword of endingAt(state)) {
        for (const lead of leadLists[keyword] ?? []) scan.follow(lead, index + 1);
      }
    }
    if (text.length - runStart >= MIN_RUN) endRun(text, scan, runs, runStart, text.length);
    return { mayBeDisguised: (traits & DISGUISE) !== 0, runs };
  };
}
