import { CLASS, DISGUISE, IN_RUN, isDisguise, type CharacterTables } from './characters.js';
import { prefixAndRun, type CompiledDetector } from './compiled-detector.js';
import { MIN_LENGTH_BUT_OF_PASSWORDS } from './credential-name.js';
import type { KeywordAutomaton } from './keyword-automaton.js';
import { mayNamePassword } from './name-strength.js';
import type { Lead } from './scan.js';

/** From this length on, a run of the base64 alphabets may be a token. */
export const MIN_RUN = 16;

/** Joined fields of which every run is shorter are not decoded: this long is base64 of the shortest token of a known format. */
export const MIN_JOINED_RUN = 22;

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

/** The answer of a glance at a text that has nothing to report itself, though another form of it may. */
export const DISGUISED = 1;

/** Longer texts are examined in full at once: they seldom are of nothing but ordinary words. */
export const MAX_GLANCE_LENGTH = 256;

/**
 * Looks at a short text, whole: answers {@link QUIET_START} for nothing worth a closer look, {@link DISGUISED} where only
 * other forms of it are, {@link LOUD} where a finding in itself cannot be ruled out, or a run may be a token, and
 * for a text longer than {@link MAX_GLANCE_LENGTH}.
 */
export type Glance = (text: string) => number;

/** Quiet walks over texts of several kinds. */
export interface QuietWalks {
  readonly walkQuietly: QuietWalk;
  /** A walk that passes by words which make a name one of a credential: for a text that is a name, whole. */
  readonly walkName: QuietWalk;
  /** The same, which also passes by what may be a disguise: for each form of a name. */
  readonly walkDisguisedName: QuietWalk;
  /** A walk over fields that were joined, in which only detectors count, and runs that may be theirs or hide text. */
  readonly walkFields: QuietWalk;
  readonly glanceAt: Glance;
}

/** Whether every match of a detector holds a run that is loud by itself, so that its keyword need not be. */
function holdsRun({ pattern }: CompiledDetector, minRun: number): boolean {
  return prefixAndRun(pattern).run >= minRun;
}

/** For each final state, by its place among them: whether one of its keywords leads somewhere by itself. */
function loudStates(
  { endings }: KeywordAutomaton,
  leadLists: readonly (readonly Lead[])[],
  isLoud: (lead: Lead) => boolean,
): Uint8Array {
  const loud = leadLists.map((leads) => leads.some(isLoud));
  return Uint8Array.from(endings, (keywords) => (keywords.some((keyword) => loud[keyword]) ? 1 : 0));
}

/** The same where nothing is a disguise. */
function withoutDisguises({ table, foldTable }: CharacterTables): CharacterTables {
  return { table: table.map((entry) => entry & ~DISGUISE), foldTable: new Uint16Array(foldTable.length) };
}

/** What quiet walks are made of. */
export interface QuietWalkOptions {
  readonly automaton: KeywordAutomaton;
  readonly tables: CharacterTables;
  /** What each keyword leads to. */
  readonly leadLists: readonly (readonly Lead[])[];
}

/** Makes the quiet walks over what an automaton finds and tables say of characters. */
export function createQuietWalks(options: QuietWalkOptions): QuietWalks {
  const { automaton, tables, leadLists } = options;
  // A vendor's name matters only before a run, which is loud in any case.
  const isLoudDetector = (lead: Lead, minRun: number): boolean =>
    lead.detector !== null && !holdsRun(lead.detector, minRun);
  const createWalk = (minRun: number, areNamesLoud: boolean, known = tables): QuietWalk => {
    const isLoud = (lead: Lead): boolean =>
      isLoudDetector(lead, minRun) || (areNamesLoud && lead.kind === 'credential');
    const loud = loudStates(automaton, leadLists, isLoud);
    return createQuietWalk(automaton, known, loud, minRun);
  };
  return {
    walkQuietly: createWalk(MIN_RUN, true),
    walkName: createWalk(MIN_RUN, false),
    walkDisguisedName: createWalk(MIN_RUN, false, withoutDisguises(tables)),
    walkFields: createWalk(MIN_JOINED_RUN, false),
    glanceAt: createGlance(
      automaton,
      tables,
      loudStates(automaton, leadLists, (lead) => isLoudDetector(lead, MIN_RUN)),
      loudStates(automaton, leadLists, ({ kind }) => kind === 'credential'),
    ),
  };
}

/** Makes a quiet walk, which takes to hand what it needs for a character, as `createTextWalk` says. */
function createQuietWalk(
  automaton: KeywordAutomaton,
  tables: CharacterTables,
  loudOnes: Uint8Array,
  minRun: number,
): QuietWalk {
  return (start, piece) => {
    const { length } = piece;
    const { next, rowBits, firstFinal } = automaton;
    const { table, foldTable } = tables;
    const loud = loudOnes;
    const maxQuiet = minRun - 1;
    const runBit = IN_RUN;
    const classMask = CLASS;
    let state = start;
    let runStart = 0;
    for (let index = 0; index < length; index += 1) {
      const code = piece.charCodeAt(index);
      if (code > 127 && isDisguise(piece, index, code, foldTable)) return LOUD;
      const entry = code > 127 ? 0 : (table[code] ?? 0);
      if ((entry & runBit) === 0) {
        if ((entry & DISGUISE) !== 0) return LOUD;
        runStart = index + 1;
      } else if (index - runStart >= maxQuiet) return LOUD;
      state = next[(state << rowBits) | (entry & classMask)] ?? 0;
      if (state >= firstFinal && loud[state - firstFinal] === 1) return LOUD;
    }
    return state;
  };
}

/** Makes a glance: a quiet walk that goes on behind a disguise, and behind a name too near to the end for a credential. */
function createGlance(
  automaton: KeywordAutomaton,
  tables: CharacterTables,
  loud: Uint8Array,
  names: Uint8Array,
): Glance {
  return (text) => {
    const { length } = text;
    if (length > MAX_GLANCE_LENGTH) return LOUD;
    const { next, rowBits, firstFinal } = automaton;
    const { table, foldTable } = tables;
    const runBit = IN_RUN;
    const classMask = CLASS;
    const maxQuiet = MIN_RUN - 1;
    let state = 0;
    let runStart = 0;
    let disguise = 0;
    let hasName = false;
    // What joins a name and a value is a character at least.
    const lastName = length - MIN_LENGTH_BUT_OF_PASSWORDS - 1;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      const entry = code < 128 ? (table[code] ?? 0) : isDisguise(text, index, code, foldTable) ? DISGUISE : 0;
      if ((entry & runBit) === 0) {
        disguise |= entry & DISGUISE;
        runStart = index + 1;
      } else if (index - runStart >= maxQuiet) return LOUD;
      state = next[(state << rowBits) | (entry & classMask)] ?? 0;
      if (state < firstFinal) continue;
      const place = state - firstFinal;
      if (loud[place] === 1) return LOUD;
      if (names[place] === 0) continue;
      if (index < lastName) return LOUD;
      hasName = true;
    }
    if (hasName && mayNamePassword(text)) return LOUD;
    return disguise === 0 ? QUIET_START : DISGUISED;
  };
}
