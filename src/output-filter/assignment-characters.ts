/** What the characters of an assignment are: a trait each, or several. */

import { codeAt, unitAt } from './characters.js';

/** May stand in a name. */
export const NAME = 1;
export const BLANK = 2;
export const QUOTE = 4;
/** Ends a value that stands in no quotes. */
export const STOP = 8;
/** May begin what stands before a value: a lead word, a bracket, a blank, a quote. */
export const OPENS = 16;

/** May stand between a name and its operator. */
export const GAP = 32;

const TRAITS = new Uint8Array(128);

function give(characters: string, traits: number): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    TRAITS[code] = (TRAITS[code] ?? 0) | traits;
  }
}

give('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.', NAME);
give(' \t\r\n', BLANK | STOP | OPENS | GAP);
give('"\'`', QUOTE | STOP | OPENS | GAP);
give(']\\', GAP);
give(';,<>&()[]{}|', STOP);
give('\\[(abdfkrstuABDFKRSTU@|>', OPENS);

/** Whether a character has a trait, or one of several; none has, outside the text. */
export function hasTrait(text: string, index: number, trait: number): boolean {
  return ((TRAITS[codeAt(text, index)] ?? 0) & trait) !== 0;
}

/** Past the characters from `start` on that have one of some traits, not beyond `end`. */
export function skip(text: string, start: number, end: number, traits: number): number {
  const last = Math.min(end, text.length);
  let index = start;
  while (index < last && ((TRAITS[unitAt(text, index)] ?? 0) & traits) !== 0) index += 1;
  return index;
}

/** Before the characters up to `end` that have one of some traits, not before `start`. */
export function skipBack(text: string, start: number, end: number, traits: number): number {
  const first = Math.max(start, 0);
  let index = end;
  while (index > first && ((TRAITS[unitAt(text, index - 1)] ?? 0) & traits) !== 0) index -= 1;
  return index;
}

/** The first character from `start` on that has one of some traits; `end`, or the end of the text, where none has. */
export function find(text: string, start: number, end: number, traits: number): number {
  const last = Math.min(end, text.length);
  let index = start;
  while (index < last && ((TRAITS[unitAt(text, index)] ?? 0) & traits) === 0) index += 1;
  return index;
}
