import type { Assignment } from './assignment.js';
import { isCodeShape } from './code-shapes.js';
import { publicDerOf } from './der.js';
import { base64Bytes } from './encoded.js';
import { distinctForBits, entropyBits } from './entropy.js';
import type { NameJudgement, NameStrength } from './name-strength.js';
import { isExpression, isPlaceholder } from './placeholder.js';
import { isLabel, isProseWord, isWord } from './prose-words.js';
import { distinctInRandom, isHexLike, isRandomIfDistinct, isRandomLike, plainShare } from './randomness.js';
import { DIGITS, LETTERS } from './value-traits.js';

const FORM_WORDS = /passw|enter|please|must|requir|your|forgot|change|reset|invalid|wrong|%s|\{/i;
const SYMBOLS = /[^\w./:@ -]/;
const SEVERAL_WORDS = /[_.-]|[a-z][A-Z]/;

/** The least length of a value that each strength asks for. */
const MIN_VALUE_LENGTH = { none: Infinity, password: 1, secret: 6, credential: 12, key: 16 } as const;

/** The least length of a value that is none of a password: for shorter ones most names need not be judged. */
export const MIN_LENGTH_BUT_OF_PASSWORDS = MIN_VALUE_LENGTH.secret;

/** Whether a value is too short to be a credential under a name of this strength. */
export function isTooShort(value: string, strength: NameStrength): boolean {
  return value.length < MIN_VALUE_LENGTH[strength];
}

/**
 * Whether an assignment gives a credential to its name.
 *
 * @param judgement what the name says
 */
export function isCredentialAssignment(assignment: Assignment, judgement: NameJudgement): boolean {
  const { text, valueStart, valueEnd } = assignment;
  if (valueEnd - valueStart < MIN_VALUE_LENGTH[judgement.strength] || assignment.scoped) return false;
  // What tells most values apart comes first, and what reads them word by word only where they passed.
  if (!isValueFor(judgement, assignment) || isPlaceholder(text, valueStart, valueEnd)) return false;
  if (!assignment.quoted && isExpression(assignment)) return false;
  // The verb: `pass \`--flag\``, `pass: 12, fail: 0`.
  return !(isPass(assignment) && (assignment.operator === ' ' || !isMixed(assignment)));
}

function isPass(assignment: Assignment): boolean {
  return assignment.nameEnd - assignment.nameStart === 4 && assignment.name.toLowerCase() === 'pass';
}

/** Whether a value has the form that a name of this strength asks for. */
function isValueFor({ strength, label }: NameJudgement, assignment: Assignment): boolean {
  switch (strength) {
    case 'none':
      return false;
    case 'password':
      return isPasswordValue(assignment, label !== null);
    case 'secret':
      return isSecretValue(assignment);
    case 'credential':
      return isTokenValue(assignment, 12);
    case 'key':
      return isTokenValue(assignment, 16) && isKeyValue(assignment);
  }
}

/** Whether a value that looks drawn at random is neither a digest, by its name, nor a signature. */
function isKeyValue({ name, text, value, valueStart, valueEnd }: Assignment): boolean {
  if (isHexLike(text, valueStart, valueEnd) && !SEVERAL_WORDS.test(name)) return false;
  return !isPublicSignature(value);
}

/** Whether a value is a signature by its structure (DER), as signed artefacts have it beside them. */
function isPublicSignature(value: string): boolean {
  if (!value.startsWith('M')) return false;
  return publicDerOf(base64Bytes(value, 0, value.replace(/={1,2}$/, '').length)) === 'signature';
}

const WORKING_DIRECTORY = /^(?:old)?pwd$/i;
const MAX_DIRECTORY_NAME = 6;
const PATH = /^(?:[/~.]|[a-z]:[\\/])/i;

/** A password may be any word; a sentence, a label, code, or what speech says about a password, is none. */
function isPasswordValue(assignment: Assignment, isAnyValue: boolean): boolean {
  const { operator, quoted, value } = assignment;
  if (!quoted && !assignment.sameLine) return false;
  if (isOwnName(assignment) || (assignment.traits & (LETTERS | DIGITS)) === 0) return false;
  if (isCodeShape(assignment)) return false;
  if (operator === ',' || operator === '>' || operator === '->')
    return value.length >= 6 && isSecretShape(assignment);
  if (!quoted) return isBareValue(assignment, isAnyValue);
  return !isLabel(value) && (!assignment.hasBlank || isPhrase(operator, value));
}

/** Whether a value is the name it is given to. */
function isOwnName(assignment: Assignment): boolean {
  const { nameStart, nameEnd, valueStart, valueEnd } = assignment;
  if (valueEnd - valueStart !== nameEnd - nameStart) return false;
  const { name, value } = assignment;
  return value === name || value.toLowerCase() === name.toLowerCase();
}

/**
 * Whether a password that stands without quotes is neither prose nor, where the name may mean it, a path or a word.
 *
 * @param isAnyValue whether the value of such a name is a finding whatever it is
 */
function isBareValue(assignment: Assignment, isAnyValue: boolean): boolean {
  const { name, operator, value } = assignment;
  if (operator === 'is' || operator === ' ')
    return value.length >= 6 && assignment.traits !== LETTERS && !isProseWord(value);
  const mayBeProse = operator !== '=' || (assignment.spaced && assignment.next === ' ');
  if (mayBeProse && isProseWord(value)) return false;
  if (isAnyValue) return true;
  if (PATH.test(value) && name.length <= MAX_DIRECTORY_NAME && WORKING_DIRECTORY.test(name))
    return plainShare(value) < 0.5;
  // `passwd: files systemd`: a word in plain letters is a password only where it is said to be nothing else.
  return operator === '=' || !isWord(value) || isRandomLike(value);
}

/** Whether words in quotes are what someone chose, rather than what a form says. */
function isPhrase(operator: string, value: string): boolean {
  if (plainShare(value) <= 0.6) return true;
  return operator === '=' && value.length <= 40 && !FORM_WORDS.test(value);
}

function isSecretValue(assignment: Assignment): boolean {
  const { operator, quoted, value } = assignment;
  if (value.length < 6 || assignment.hasBlank) return false;
  const strong = (quoted && operator !== ',') || operator === '=';
  return isTokenValue(assignment, 10) || (strong && (SYMBOLS.test(value) || isSecretShape(assignment)));
}

function isMixed({ traits }: Assignment): boolean {
  return (traits & DIGITS) !== 0 && (traits & LETTERS) !== 0;
}

/** Mixed characters that no name or path of a program has. */
function isSecretShape({ hasBlank, traits, value }: Assignment): boolean {
  return (
    ((traits & DIGITS) !== 0 || SYMBOLS.test(value)) &&
    (traits & LETTERS) !== 0 &&
    !hasBlank &&
    plainShare(value, 0, value.length, true, 0.9) < 0.9
  );
}

const MIN_TOKEN_BITS = 2.5;
const SURE_OF_BITS = distinctForBits(MIN_TOKEN_BITS);

/** Whether a value looks drawn at random, as issued tokens are. */
function isTokenValue(assignment: Assignment, minLength: number): boolean {
  const { text, valueStart, valueEnd } = assignment;
  const length = valueEnd - valueStart;
  if (length < minLength) return false;
  const distinct = distinctInRandom(length);
  const sureDistinct = Math.max(distinct, SURE_OF_BITS[length] ?? Infinity);
  const isSure = assignment.hasDistinctCharacters(sureDistinct);
  if (!isSure && !assignment.hasDistinctCharacters(distinct)) return false;
  if (assignment.hasBlank || !isRandomIfDistinct(text, valueStart, valueEnd)) return false;
  return isSure || entropyBits(text, valueStart, valueEnd) >= MIN_TOKEN_BITS;
}
