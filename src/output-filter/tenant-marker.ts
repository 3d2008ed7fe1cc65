/**
 * Reading the tenant's id behind `tenant_id:` in running text.
 *
 * An id is any 1 to 128 printable ASCII characters, so that a text cannot always tell where it ends. In quotation
 * marks it ends where they close. Without, it goes on over what is attached to it, and over a following word that has
 * the look of a name; it ends before ordinary words, numbers with a unit, and the next field.
 */
import { isWordCharacter, unitAt } from './characters.js';

interface Joints {
  has(offset: number): boolean;
}

const LINE_FEED = 10;
const SPACE = 32;
const UNDERSCORE = 95;
const MAX_ID_LENGTH = 128;
const SAME_IN_ALL_FORMS = /^[\w.-]+$/;
const QUOTES = '"\'`';

/** The next field of a list, a log line or a query, after at most three marks: `, region=`, `&x=`, `,"status":`. */
const NEXT_FIELD = /[^\w\s]{0,3} ?["'`]?[\w.-]{1,64}\\?["'`]?\s?[=:]/y;
/** More of the same word, or marks that join words: brackets that close, tags and escapes of blanks and quotes do not. */
const ATTACHED = /(?:\w|(?!\\[nrtu"'`\\])[^\w\s<>)\]}\u0080-\uffff]{1,3}\w)[\w.:@-]{0,128}(?<=\w)/y;
/** A word after one blank that is no ordinary one: a capital, a digit, a hyphen or the like in it, or a bare number. */
const NAME_LIKE =
  / (?!\d{1,16} [a-z]|\d{1,16}(?:[.,:/-]\d{1,16}){1,8}\b|[a-z]{1,32}(?![\w@/-]|[.:]\w))\w[\w.:@/-]{0,128}(?<=\w)/y;
/** Ordinary words that names of organisations and their parts end in. */
const NAME_ENDS =
  / (?:co|corp|corporation|company|inc|ltd|llc|plc|gmbh|group|holdings?|eu|uk|usa|emea|apac|prod|production|dev|staging)\b/iy;

function lengthAt(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex - index : 0;
}

/** How many characters after `end` belong to the id that seems to end there. */
function continuationAt(text: string, end: number): number {
  const code = unitAt(text, end);
  // Most ids end with the line or the text.
  if (end >= text.length || code === LINE_FEED) return 0;
  if (!isWordCharacter(code) && code !== UNDERSCORE && lengthAt(NEXT_FIELD, text, end) > 0) return 0;
  if (code === SPACE) return lengthAt(NAME_LIKE, text, end) || lengthAt(NAME_ENDS, text, end);
  return lengthAt(ATTACHED, text, end);
}

/** The end of what stands in quotation marks; -1 where they do not close on the line. */
function endOfQuoted(text: string, start: number, quote: string): number {
  const isEscaped = text.charAt(start - 2) === '\\';
  const last = Math.min(text.length, start + 2 * MAX_ID_LENGTH);
  for (let index = start; index < last; index += 1) {
    const character = text.charAt(index);
    if (character === '\n' || character === '\r') return -1;
    if (character === quote) return index;
    if (character !== '\\') continue;
    if (isEscaped && text.charAt(index + 1) === quote) return index;
    index += 1;
  }
  return -1;
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The forms in which a text may give an id: as it is, in a JSON string, in JSON in a JSON string, in a URL. */
export function formsOfTenant(tenant: string): readonly string[] {
  if (SAME_IN_ALL_FORMS.test(tenant)) return [tenant];
  const inJson = escaped(tenant);
  const inUrl = encodeURIComponent(tenant);
  return [tenant, inJson, escaped(inJson), inUrl, inUrl.replaceAll('%20', '+')];
}

/** The end of the id that begins at `start`, whose first word ends at `wordEnd`, and stands in no quotation marks. */
function endOfUnquoted(text: string, start: number, wordEnd: number): number {
  let end = wordEnd;
  for (let more = 1; more > 0 && end - start < MAX_ID_LENGTH;) end += more = continuationAt(text, end);
  return end;
}

/** The id that a text gives to `tenant_id:`. */
export class TenantMarker {
  readonly end: number;
  readonly #quote: string;
  readonly #isQuoted: boolean;

  /**
   * @param start where the id begins
   * @param wordEnd where its first word ends
   * @param joints where fields were joined, at which an id may end
   */
  constructor(
    private readonly text: string,
    private readonly start: number,
    wordEnd: number,
    private readonly joints?: Joints,
  ) {
    const mark = text.charAt(start - 1);
    this.#quote = mark !== '' && QUOTES.includes(mark) ? mark : '';
    const quotedEnd = this.#quote === '' ? -1 : endOfQuoted(text, start, this.#quote);
    this.#isQuoted = quotedEnd >= 0;
    this.end = this.#isQuoted ? Math.max(wordEnd, quotedEnd) : endOfUnquoted(text, start, wordEnd);
  }

  get id(): string {
    return this.text.slice(this.start, this.end);
  }

  /** Whether the id named is that of the tenant with these forms, see {@link formsOfTenant}. */
  names(forms: readonly string[]): boolean {
    for (const form of forms) {
      if (this.text.startsWith(form, this.start) && this.#mayEnd(this.start + form.length)) return true;
    }
    return false;
  }

  /** Whether an id may end at an offset at which the text still agrees with it. */
  #mayEnd(offset: number): boolean {
    const { text } = this;
    if (this.joints?.has(offset) === true) return true;
    if (offset < this.end) return false;
    if (!this.#isQuoted) return continuationAt(text, offset) === 0;
    return text.startsWith(this.#quote, offset) || text.startsWith(`\\${this.#quote}`, offset);
  }
}
