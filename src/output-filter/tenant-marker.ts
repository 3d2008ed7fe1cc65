/**
 * Reading the tenant's id behind `tenant_id:` in running text.
 *
 * An id is any 1 to 128 printable ASCII characters, so that a text cannot always tell where it ends. In quotation
 * marks it ends where they close. Without, it goes on over what is attached to it, and over a following word that has
 * the look of a name; it ends before ordinary words, numbers with a unit, and the next field.
 */
export interface TenantMarker {
  readonly id: string;
  readonly end: number;
  /** Whether the id named is this tenant's. */
  readonly names: (tenant: string) => boolean;
}

interface Joints {
  has(offset: number): boolean;
}

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
  return pattern.exec(text)?.[0].length ?? 0;
}

/** How many characters after `end` belong to the id that seems to end there. */
function continuationAt(text: string, end: number): number {
  const isWord = /\w/.test(text.charAt(end));
  if (!isWord && lengthAt(NEXT_FIELD, text, end) > 0) return 0;
  return lengthAt(ATTACHED, text, end) || lengthAt(NAME_LIKE, text, end) || lengthAt(NAME_ENDS, text, end);
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
function formsOf(tenant: string): readonly string[] {
  if (SAME_IN_ALL_FORMS.test(tenant)) return [tenant];
  const inJson = escaped(tenant);
  const inUrl = encodeURIComponent(tenant);
  return [tenant, inJson, escaped(inJson), inUrl, inUrl.replaceAll('%20', '+')];
}

/**
 * The id that begins at `start`, whose first word ends at `wordEnd`.
 *
 * @param joints where fields were joined, at which an id may end
 */
export function readTenantMarker(
  text: string,
  start: number,
  wordEnd: number,
  joints?: Joints,
): TenantMarker {
  const mark = text.charAt(start - 1);
  const quote = mark !== '' && QUOTES.includes(mark) ? mark : '';
  const quotedEnd = quote === '' ? -1 : endOfQuoted(text, start, quote);
  let end = Math.max(wordEnd, quotedEnd);
  if (quotedEnd < 0) {
    for (let more = 1; more > 0 && end - start < MAX_ID_LENGTH;) end += more = continuationAt(text, end);
  }
  /** Whether an id may end at an offset at which the text still agrees with it. */
  const mayEnd = (offset: number): boolean => {
    if (joints?.has(offset) === true) return true;
    if (offset < end) return false;
    if (quotedEnd < 0) return continuationAt(text, offset) === 0;
    return text.startsWith(quote, offset) || text.startsWith(`\\${quote}`, offset);
  };
  const names = (tenant: string): boolean =>
    formsOf(tenant).some((form) => text.startsWith(form, start) && mayEnd(start + form.length));
  return { id: text.slice(start, end), end, names };
}
