import { BLANK, find, hasTrait, NAME, OPENS, QUOTE, skip, skipBack, STOP } from './assignment-characters.js';
import { endOfMatch, findJoin, type Join } from './assignment-join.js';
import { codeAt, unitAt } from './characters.js';
import { hasDistinctCharacters } from './randomness.js';
import { skipLead } from './value-lead.js';
import { BLANKS, FOREIGN, traitsOf } from './value-traits.js';

/** A name and what is given to it. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly text: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Whether the value stood in quotation marks. */
  readonly quoted: boolean;
  /** The character after the value; empty at the end of the text. */
  readonly next: string;
  /** Whether there are blanks on both sides of the operator. */
  readonly spaced: boolean;
  /** Whether the name is the last part of a path of `::`, as types are. */
  readonly scoped: boolean;
  /** Whether the value begins on the line of its name. */
  readonly sameLine: boolean;
  /** What joined name and value: `=`, `:`, `,`, `>`, `->`, `:=` for all longer ones, `is`, a blank before an option's value. */
  readonly operator: string;
  /** The kinds of characters that the value has: see {@link traitsOf}. */
  readonly traits: number;
  /** Whether there is a blank of any kind in the value. */
  readonly hasBlank: boolean;
  /** Whether the value has at least so many different characters. */
  hasDistinctCharacters(minimum: number): boolean;
}

const MAX_NAME_LENGTH = 80;
const MAX_GAP_LENGTH = 24;
const MAX_VALUE_LENGTH = 512;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const PERIOD = 46;
const COLON = 58;
const BACKSLASH = 92;
const OPENING_BRACKET = 91;
const OPENING_PARENTHESIS = 40;

/** Whether a character opens a value, besides a quote: a backslash, a bracket, and a parenthesis before a quote. */
function isOpener(text: string, index: number): boolean {
  const code = codeAt(text, index);
  if (code === BACKSLASH || code === OPENING_BRACKET) return true;
  return code === OPENING_PARENTHESIS && hasTrait(text, index + 1, QUOTE);
}

function skipBlanks(text: string, start: number): number {
  return skip(text, start, start + MAX_GAP_LENGTH, BLANK);
}

/** A value as a field of a quoted table has it: each of its quotation marks twice. */
const DOUBLED_QUOTES = /""[^"\r\n]{1,200}""/y;

function openingLength(text: string, index: number, mark: number): number {
  if (codeAt(text, index + 1) !== mark) return 1;
  if (codeAt(text, index + 2) === mark) return 3;
  return endOfMatch(DOUBLED_QUOTES, text, index) < 0 ? 1 : 2;
}

/** Whether a last character belongs to what surrounds the value: an escape, or the end of a sentence. */
function isTail(code: number, isQuoted: boolean): boolean {
  return code === BACKSLASH || code === CARRIAGE_RETURN || (!isQuoted && (code === PERIOD || code === COLON));
}

/**
 * Reads `name = value` in the many forms of configuration files and programming languages, and holds what it read last.
 *
 * Written by hand rather than as a pattern: every step looks at a bounded window, so a text of nothing but names
 * costs no more than its length. What it learnt of a value it knows of each that is part of that.
 */
export class AssignmentReader implements Assignment {
  nameStart = 0;
  nameEnd = -1;
  valueStart = 0;
  valueEnd = 0;
  readonly #join: Join = { operator: '', end: 0 };
  /** The quotation mark that the value stands in; 0 for none. */
  #quote = 0;
  #value: string | null = null;
  /** The traits of the value; -1 where they have not been asked for. */
  #traits = -1;
  /** A stretch of the text in which nothing ends a value that stands in no quotes, up to its end. */
  #openFrom = 0;
  #openTo = -1;
  /** A stretch of the text that has fewer than so many different characters. */
  #dullFrom = 0;
  #dullTo = -1;
  #dullMinimum = 0;

  constructor(readonly text: string) {}

  /** Reads the assignment to the name that holds the text from `start` to `end`; false where there is none. */
  readAround(start: number, end: number): boolean {
    const { text } = this;
    this.#findName(start, end);
    if (!findJoin(text, this.nameStart, this.nameEnd, this.#join)) return false;
    const first = this.#openValue(this.#join.end);
    let last = this.#quote === 0 ? this.#closeValue(first) : this.#closeQuotes(first);
    while (last > first && isTail(unitAt(text, last - 1), this.quoted)) last -= 1;
    this.valueStart = first;
    this.valueEnd = last;
    this.#value = null;
    this.#traits = -1;
    return last > first;
  }

  get name(): string {
    return this.text.slice(this.nameStart, this.nameEnd);
  }

  get value(): string {
    return (this.#value ??= this.text.slice(this.valueStart, this.valueEnd));
  }

  get traits(): number {
    if (this.#traits < 0) this.#traits = traitsOf(this.text, this.valueStart, this.valueEnd);
    return this.#traits;
  }

  get hasBlank(): boolean {
    const { traits } = this;
    return (traits & BLANKS) !== 0 || ((traits & FOREIGN) !== 0 && /\s/.test(this.value));
  }

  get operator(): string {
    return this.#join.operator;
  }

  get quoted(): boolean {
    return this.#quote !== 0;
  }

  get next(): string {
    return this.text.charAt(this.valueEnd);
  }

  get spaced(): boolean {
    return hasTrait(this.text, this.nameEnd, BLANK) && hasTrait(this.text, this.valueStart - 1, BLANK);
  }

  get scoped(): boolean {
    return codeAt(this.text, this.nameStart - 1) === COLON && codeAt(this.text, this.nameStart - 2) === COLON;
  }

  get sameLine(): boolean {
    if (this.quoted) return true;
    for (let index = this.#join.end; index < this.valueStart; index += 1) {
      if (unitAt(this.text, index) === LINE_FEED) return false;
    }
    return true;
  }

  /** Where the value really ends: one longer than is judged is a secret as a whole. */
  get wholeEnd(): number {
    const { text, valueEnd } = this;
    if (valueEnd - this.valueStart < MAX_VALUE_LENGTH) return valueEnd;
    let end = valueEnd;
    while (end < text.length && !this.#endsAt(end)) end += 1;
    return end;
  }

  hasDistinctCharacters(minimum: number): boolean {
    const { text, valueStart, valueEnd } = this;
    if (minimum >= this.#dullMinimum && valueStart >= this.#dullFrom && valueEnd <= this.#dullTo)
      return false;
    if (hasDistinctCharacters(text, minimum, valueStart, valueEnd)) return true;
    this.#dullFrom = valueStart;
    this.#dullTo = valueEnd;
    this.#dullMinimum = minimum;
    return false;
  }

  #findName(start: number, end: number): void {
    const { text } = this;
    this.nameStart = skipBack(text, start - MAX_NAME_LENGTH, start, NAME);
    this.nameEnd = skip(text, end, end + MAX_NAME_LENGTH, NAME);
  }

  /** Past blanks, brackets, lead words and opening quotes: where the value begins. */
  #openValue(start: number): number {
    const { text } = this;
    this.#quote = 0;
    if (!hasTrait(text, start, OPENS)) return start;
    let index = skipBlanks(text, start);
    for (let round = 0; round < 3 && hasTrait(text, index, OPENS); round += 1) {
      const before = index;
      index = skipLead(text, index);
      while (isOpener(text, index)) index += 1;
      if (hasTrait(text, index, QUOTE)) {
        const mark = unitAt(text, index);
        if (mark === this.#quote) break;
        this.#quote = mark;
        index += openingLength(text, index, mark);
      }
      if (this.#quote === 0) index = skipBlanks(text, index);
      if (index === before) break;
    }
    return index;
  }

  #closeValue(start: number): number {
    if (start >= this.#openFrom && start <= this.#openTo) return this.#openTo;
    const end = find(this.text, start, start + MAX_VALUE_LENGTH, STOP);
    if (end < start + MAX_VALUE_LENGTH) {
      this.#openFrom = start;
      this.#openTo = end;
    }
    return end;
  }

  #closeQuotes(start: number): number {
    const { text } = this;
    const highest = Math.min(text.length, start + MAX_VALUE_LENGTH);
    let index = start;
    while (index < highest && !this.#endsAt(index) && unitAt(text, index) !== LINE_FEED) index += 1;
    return index;
  }

  #endsAt(index: number): boolean {
    return this.#quote === 0 ? hasTrait(this.text, index, STOP) : unitAt(this.text, index) === this.#quote;
  }
}
