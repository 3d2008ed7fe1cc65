import { endOfValue, nameAround, readAssignment } from './assignment.js';
import { createNameJudge, isCredentialAssignment, type NameStrength } from './credential-name.js';
import { secretRule, type Detector, type Rule } from './detector.js';
import type { Hit } from './hits.js';
import { createKeywordAutomaton } from './keyword-automaton.js';
import { isOneCharacter } from './placeholder.js';
import { RULES } from './rules.js';
import { findVendorToken } from './vendor-token.js';

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

/** A part of a text to scan, and where words may begin and end inside it though no blank is there. */
export interface ScanInput {
  readonly text: string;
  readonly joints?: ReadonlySet<number>;
  /** Only detectors with a fixed format: no assignments, no vendors' names. */
  readonly formatsOnly?: boolean;
}

export type Scanner = (input: ScanInput, report: (hit: Hit) => void) => ScanTraits;

const MIN_RUN = 16;
const MAX_NESTED_VALUE = 64;
const SLASH = 47;
const MAX_WORD_BEFORE = 192;
const CLASS = 0xff;
const IN_RUN = 0x100;
const DISGUISE = 0x200;

const TRAITS = new Uint16Array(128);
for (let code = 0; code < 128; code += 1) {
  if (code === 127 || (code < 32 && code !== 9 && code !== 10 && code !== 13)) TRAITS[code] = DISGUISE;
}
for (const character of '%&\\') TRAITS[character.charCodeAt(0)] = DISGUISE;
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
  TRAITS[character.charCodeAt(0)] = IN_RUN;
}

/** What a keyword leads to: a detector, or the beginning of an assignment, or a vendor's token nearby. */
type Lead =
  | { readonly kind: 'detector'; readonly length: number; readonly detector: CompiledDetector }
  | { readonly kind: 'credential' | 'vendor'; readonly length: number };

interface CompiledDetector {
  readonly index: number;
  readonly rule: Rule;
  readonly detector: Detector;
}

function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** One pass over one text. */
class Scan {
  readonly #text: string;
  readonly #joints: ReadonlySet<number> | undefined;
  /** Where each detector's last match ended: matches of one detector do not overlap. */
  readonly #matchedUntil = new Map<number, number>();
  #nameEnd = -1;
  #vendorEnd = -1;

  constructor(
    private readonly input: ScanInput,
    private readonly report: (hit: Hit) => void,
    private readonly judgeName: (name: string) => NameStrength,
  ) {
    this.#text = input.text;
    this.#joints = input.joints;
  }

  follow(lead: Lead, end: number): void {
    const start = end - lead.length;
    if (lead.kind === 'detector') this.tryDetector(lead.detector, start);
    else if (this.input.formatsOnly === true) return;
    else if (lead.kind === 'vendor') {
      if (this.#isNameStart(start)) this.#vendorEnd = end;
    } else if (start >= this.#nameEnd) this.#tryAssignment(start, end);
  }

  tryDetector({ index, rule, detector }: CompiledDetector, at: number): void {
    if (detector.insideWord !== true && !this.#isEdge(at)) return;
    const lowest = this.#matchedUntil.get(index) ?? 0;
    if (lowest > at) return;
    const { pattern } = detector;
    pattern.lastIndex = at;
    const match = pattern.exec(this.#text);
    if (match === null) return;
    const matchEnd = at + match[0].length;
    const secret = match[1] ?? match[0];
    const matchStart = matchEnd - secret.length;
    const start = detector.fromWordStart === true ? wordStart(this.#text, matchStart, lowest) : matchStart;
    if (detector.insideWord !== true && !this.#isEdge(matchEnd)) return;
    const prefix = detector.prefix ?? '';
    if (isMask(secret.slice(prefix.length)) || detector.validate?.(secret) === false) return;
    if (detector.validateWhole?.(this.#text.slice(start, matchEnd)) === false) return;
    const end = detector.extend?.(this.#text, matchEnd) ?? matchEnd;
    this.#matchedUntil.set(index, end);
    const sample = detector.sample?.(secret) ?? sampleOf(prefix, end - start);
    const tenantId = rule.id === RULES.tenantMarker.id ? secret : null;
    this.report({ rule, sample, secret, start, end, tenantId });
  }

  #tryAssignment(start: number, end: number): void {
    const name = nameAround(this.#text, start, end);
    this.#nameEnd = name.end;
    const assignment = readAssignment(this.#text, name.start, name.end);
    if (assignment === null) return;
    // Names inside a long value are read no more, or a text of nothing but names would be read over and over.
    if (assignment.value.length > MAX_NESTED_VALUE) this.#nameEnd = assignment.valueEnd;
    if (!isCredentialAssignment(assignment, this.judgeName(assignment.name))) return;
    const { value, valueStart } = assignment;
    const valueEnd = endOfValue(this.#text, assignment);
    this.#nameEnd = Math.max(this.#nameEnd, valueEnd);
    const named = /(?:password|api[_-]?key)$/i.exec(assignment.name);
    const rule = named === null ? RULES.assignment : RULES.secret;
    const label = named === null ? 'credential=' : `${named[0].toLowerCase()}=`;
    const sample = sampleOf(label, valueEnd - valueStart);
    this.report({ rule, sample, secret: value, start: valueStart, end: valueEnd });
  }

  /** A run of the base64 alphabets that ended: the token of the vendor named before it? */
  tryVendorToken(start: number, end: number): void {
    const found = this.#vendorEnd < 0 ? null : findVendorToken(this.#text, this.#vendorEnd, start, end);
    if (found === null) return;
    const secret = this.#text.slice(found.start, found.end);
    this.report({
      rule: RULES.vendorAssignment,
      sample: sampleOf('vendor=', secret.length),
      secret,
      ...found,
    });
  }

  /** Whether a word of a name begins here: at the edge of a word, or at a capital inside one. */
  #isNameStart(at: number): boolean {
    if (this.#isEdge(at)) return true;
    const code = this.#text.charCodeAt(at);
    return code >= 65 && code <= 90 && this.#text.charCodeAt(at - 1) >= 97;
  }

  /** Whether a word begins or ends here. */
  #isEdge(at: number): boolean {
    if (at <= 0 || at >= this.#text.length || this.#joints?.has(at) === true) return true;
    return !(isWordCharacter(this.#text.charCodeAt(at - 1)) && isWordCharacter(this.#text.charCodeAt(at)));
  }
}

/** Where the word that ends at `end` begins, not before `lowest`; `~ . %` belong to it besides what runs hold. */
function wordStart(text: string, end: number, lowest: number): number {
  const first = Math.max(lowest, end - MAX_WORD_BEFORE);
  let start = end;
  while (start > first && isInWord(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function isInWord(code: number): boolean {
  return (
    (code < 128 && TRAITS[code] === IN_RUN && code !== SLASH) || code === 126 || code === 46 || code === 37
  );
}

/** A body of documentation, such as `xxxxxxxx` or `********`. */
function isMask(body: string): boolean {
  return (/^[x*.0#-]/i.test(body) && isOneCharacter(body)) || /x{16}|\*{6}/i.test(body);
}

/** What a sample says: the public part, and the length of what was found. */
export function sampleOf(label: string, length: number): string {
  return `${label}${label === '' || label.endsWith('=') ? '' : '…'}[REDACTED:${length}]`;
}

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

/** For each ASCII character: its class in the automaton, and its traits. */
function characterTable(classOf: Uint8Array): Uint16Array {
  const table = Uint16Array.from(classOf);
  for (const [code, trait] of TRAITS.entries()) table[code] = (table[code] ?? 0) | trait;
  return table;
}

/** Whether a character beyond ASCII could pass for another, or for none. */
function isDisguise(text: string, index: number, code: number, foldTable: Uint16Array): boolean {
  if (code >= 0xd800 && code <= 0xdbff)
    return code === 0xd835 || code === 0xd83c || code === 0xdb40 || code === 0xd83e;
  if (foldTable[code] === 0) return false;
  // A dash between blanks is punctuation.
  const isDash = code >= 0x2012 && code <= 0x2015;
  return !(isDash && text.charCodeAt(index - 1) === 32 && text.charCodeAt(index + 1) === 32);
}
