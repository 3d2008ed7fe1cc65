import type { Assignment } from './assignment.js';
import { hasDigit, unitAt } from './characters.js';
import { changeShare, isRandomLike } from './randomness.js';
import { DIGITS, IN_IDENTIFIERS, LETTERS, LINKS, traitsOf } from './value-traits.js';
import { BEYOND_ASCII, createWordSets } from './word-sets.js';

/** What values hold that stand where a secret would stand in documentation, templates and code. */
const placeholders = createWordSets({
  words: {
    anywhere: `example placeholder changeme change_me change-me changeit change_it change-it your_ your- redacted masked hidden
  removed omitted dummy insert_ insert- replace_ replace- xxxx ... *** ####`,
    atEnd: '_here',
  },
});
const FOREIGN_PLACEHOLDER = /…|•{2}/;

/** References to a value kept elsewhere: `${VAR}`, `{{ var }}`, `%VAR%`, `<key>`, `$VAR`, `$1`, `@Microsoft.KeyVault(…)`. */
const REFERENCE =
  /^(?:\$\{|\$\(|\$[A-Z_]|\$\d{1,3}$|\{\{|\{[\w.]*\}|%[\w.]{1,64}%$|%[sdv@]$|[<&*]|\[[^\]]*\]$|@[A-Za-z]|!Ref|!Sub|!vault|#\{|env[.:(]|vault:|ref[+:]|secretsmanager:|ssm:|arn:aws:|op:\/\/|file:|data\.|var\.|local\.|secrets?\.|process\.env|os\.|config\.|settings\.|ENV\[)/;

/** What references begin with. */
const BEGINS_REFERENCE = new Uint8Array(128);
for (const character of '$!#%&*<@E[acdefloprsv{') BEGINS_REFERENCE[character.charCodeAt(0)] = 1;

/** Types and empty values of programs: never the secret, wherever they stand. */
const TYPE_WORDS = new Set(
  `any bool boolean bytes char demo_key false function int integer n/a nil no none null number object off on optional
  required str string text true undefined unknown unset varchar void yes`.split(/\s+/),
);

const MAX_TYPE_LENGTH = Math.max(...Array.from(TYPE_WORDS, (word) => word.length));

/** Whether a value, a part of a text or all of it, only shows where a secret would stand. */
export function isPlaceholder(text: string, start = 0, end = text.length): boolean {
  if (start === end || isOneCharacter(text, start, end)) return true;
  const words = placeholders.heldBy(text, start, end);
  if ((words & ~BEYOND_ASCII) !== 0) return true;
  const isShort = end - start <= MAX_TYPE_LENGTH;
  const beginsReference = BEGINS_REFERENCE[unitAt(text, start)] === 1;
  // Most values show by their characters that they are none of what is looked for below.
  if (words === 0 && !isShort && !beginsReference) return false;
  const value = text.slice(start, end);
  if (isShort && !hasDigit(value) && TYPE_WORDS.has(value.toLowerCase())) return true;
  if (beginsReference && REFERENCE.test(value)) return true;
  return words !== 0 && FOREIGN_PLACEHOLDER.test(value);
}

/** Whether a value, a part of a text or all of it, is one character over and over, as `xxxxxxxx`. */
export function isOneCharacter(text: string, start = 0, end = text.length): boolean {
  if (end <= start) return false;
  const first = unitAt(text, start);
  for (let index = start + 1; index < end; index += 1) {
    if (unitAt(text, index) !== first) return false;
  }
  return end - start > 1 || first === 42 || first === 45;
}

/** An identifier, or several with `.`, `->`, `::` or `?.` between. */
const MEMBER = /^[a-z_$][\w$]*(?:(?:\.|->|::|\?\.)[a-z_$][\w$]*)*$/i;
const IN_EXPRESSIONS = LETTERS | DIGITS | IN_IDENTIFIERS | LINKS;
const CAMEL_CASE = /^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/;
const SNAKE_CASE = /^[a-z]+(?:_[a-z]+)+$/;
const ONLY_LETTERS = /^[a-z_]+$/i;
/** The share of changes between kinds of characters from which what looks random is no name either; by chance it is 0.6. */
const MIN_CHANGE_SHARE = 1 / 3;

/**
 * Whether an unquoted value is an expression of some program: a call, a member, an identifier that names a credential.
 *
 * THREAT: a password may have the form of one, as with a dot in its middle. Names in programs are made of words: what looks
 * drawn at random is none.
 */
export function isExpression(assignment: Assignment): boolean {
  const { text, traits, valueStart } = assignment;
  if ((traits & ~IN_EXPRESSIONS) !== 0 || traitsOf(text, valueStart, valueStart + 1) === DIGITS) return false;
  const hasLinks = (traits & LINKS) !== 0;
  const { next, spaced, value } = assignment;
  if (hasLinks && !MEMBER.test(value)) return false;
  const isRandom = isRandomLike(value);
  // Abbreviations, of which many members and calls are made, look random too, but are written in one kind of character.
  if (next === '(' || next === '[' || hasLinks) return !isRandom || changeShare(value) < MIN_CHANGE_SHARE;
  if ((traits & DIGITS) !== 0) return false;
  if (!isRandom && (CAMEL_CASE.test(value) || (spaced && SNAKE_CASE.test(value)))) return true;
  return ONLY_LETTERS.test(value) && (isOwnName(assignment) || (spaced && NAMES_SECRET.test(value)));
}

/** Whether a value is the last part of the name it is given to. */
function isOwnName({ name, value }: Assignment): boolean {
  return value.toLowerCase() === name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

const NAMES_SECRET =
  /(?:pass|password|passwd|pwd|key|secret|token|credential)s?$|^(?:new|get|read|load|fetch|make|create|await|self|this)_?/i;
