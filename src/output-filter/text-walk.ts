import { CLASS, DISGUISE, IN_RUN, isDisguise, type CharacterTables } from './characters.js';
import type { KeywordAutomaton } from './keyword-automaton.js';
import { MIN_RUN } from './quiet-walk.js';

/** Where a walk over a text has come to, and what it is in the middle of. */
export interface Place {
  /** The character to be read next. */
  index: number;
  /** Where the run that the walk is in began. */
  runStart: number;
  /** The state of the automaton before the character. */
  state: number;
  /** All that characters outside runs were, together. */
  traits: number;
}

/**
 * Walks on from a place to the next one where there is something to do. Answers true behind the end of a keyword; false
 * before a character outside runs, where a run that may be a token ends or which stands at `rest` or behind it, and at
 * the end of the text.
 */
export type TextWalk = (text: string, place: Place, rest: number) => boolean;

/**
 * Makes a walk. It does nothing else, so that the runtime keeps all it needs for a character in registers: what it would
 * look up elsewhere is taken to hand before the first character. Of the text it asks itself, not through `unitAt`: that
 * takes nearly twice as long in a process that has met few kinds of strings, and no less in one that has met many.
 */
export function createTextWalk(automaton: KeywordAutomaton, tables: CharacterTables): TextWalk {
  return (text, place, rest) => {
    const { length } = text;
    const { next, rowBits, firstFinal } = automaton;
    const { table, foldTable } = tables;
    const runBit = IN_RUN;
    const classMask = CLASS;
    const minRun = MIN_RUN;
    let { index, runStart, state, traits } = place;
    let isKeyword = false;
    while (index < length && !isKeyword) {
      const code = text.charCodeAt(index);
      const entry = code < 128 ? (table[code] ?? 0) : isDisguise(text, index, code, foldTable) ? DISGUISE : 0;
      if ((entry & runBit) === 0) {
        traits |= entry;
        if (index - runStart >= minRun || index >= rest) break;
        runStart = index + 1;
      }
      state = next[(state << rowBits) | (entry & classMask)] ?? 0;
      index += 1;
      isKeyword = state >= firstFinal;
    }
    place.index = index;
    place.runStart = runStart;
    place.state = state;
    place.traits = traits;
    return isKeyword;
  };
}
