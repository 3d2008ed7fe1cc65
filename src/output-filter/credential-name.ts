import type { Assignment } from './assignment.js';
import { hasDigit } from './characters.js';
import { isCodeShape } from './code-shapes.js';
import { publicDerOf } from './der.js';
import { base64Bytes } from './encoded.js';
import { distinctForBits, entropyBits } from './entropy.js';
import { isExpression, isPlaceholder } from './placeholder.js';
import { isLabel, isProseWord, isWord } from './prose-words.js';
import { distinctInRandom, isHexLike, isRandomIfDistinct, isRandomLike, plainShare } from './randomness.js';

/** How sure a name makes us that its value is a credential. */
export type NameStrength = 'password' | 'secret' | 'credential' | 'key' | 'none';

const PASSWORD =
  /passw(?:or)?d|pass[_-]?phrase|passwort|kennwort|senha|contrase(?:n|ñ)a|mot[_-]?de[_-]?passe|(?:^|[_.-])(?:pwd|pass)$|pwd$|api[_-]?key/i;
/** The password itself, as opposed to what belongs to it: `password`, `password_2`, not `password_manager`. */
const PASSWORD_ENDS =
  /(?:passw(?:or)?d|pass|pwd|phrase|passwort|kennwort|senha|contrase(?:n|ñ)a|passe|key)(?:[_.-]?(?:\d{1,4}|prod|production|dev|test|staging|stage|live|qa|value|string|text|plain|raw|new|old|current))?$/i;
const SECRET = /secret|passcode|private[_.-]?key|signing[_.-]?key|encryption[_.-]?key|master[_.-]?key/i;
const CREDENTIAL =
  /token|credential|creds|auth|bearer|(?:access|account|service|client|app|application|license|licence|consumer|storage|shared|db|database|admin|user|write|read|server|developer|dev|integration|ingest|ingestion|personal|subscription|instrumentation|project|secure|security|session|web[_-]?hook|x|rest|maps|search|deploy|sas)[_.-]?key|[_.-]pat$|[_.-]sas$|(?:^|[_.-])dsn$|cookie|hmac|jwt|apisecret/i;
const KEY = /key|salt|signature$|(?:^|[_.-])sid$|client[_.-]?id$|app[_.-]?id$/i;

/** What stands under such a name looks as random as a credential. */
const DIGEST_NAME =
  /commit|sha\d*|digest|checksum|etag|trace|span|revision|fingerprint|integrity|uuid|guid|hash/i;

/** Names that hold a credential word and never a credential. */
const HARMLESS_NAME =
  /(?:public|primary|foreign|partition|sort|cache|idempotency|object|dedup\w{0,10}|group|row|hash|index|lookup|map|page|next|previous|prev|continuation|sync|cursor|start|resume|surrogate|composite|unique|natural|routing|range|query|storage_object|s3|pub|hot|short|arrow|config|dict|json|translation|i18n|feature|flag)[_.-]?(?:keys?|tokens?)$|keyword|keyboard|keyframe|keyspace|key_?ring|monkey|turkey|hockey|donkey|author(?!iz)|tokeniz|tokenis|tokens$|secretar|(?:key|token|user|request|trace|session)[_-]?id$|\.(?:[cm]?[jt]sx?|json|md|py|go|rs|java|rb|php|sh|ya?ml|toml|txt|html?|css|lock|sql|pem|cpp|[ch])$|(?:[_\-.]|\b)(?:max|min|num|total|prompt|completion|output|input)[_-]?tokens?|--$/i;

/** Endings that make a name one of something about the credential. */
const ABOUT =
  /(?:[_.-]|(?<=[a-z]))(?:[Nn]ame|[Tt]ype|[Uu]rl|[Uu]ri|[Pp]ath|[Ff]ile|[Dd]ir|[Cc]ount|[Aa]t|[Tt]tl|[Ee]xpir\w{0,10}|[Ll]ength|[Ss]ize|[Aa]lg(?:orithm)?|[Vv]ersion|[Ff]ormat|[Pp]refix|[Hh]ash|[Dd]igest|[Aa]rn|[Ff]ingerprint|[Ee]ndpoint|[Hh]ost|[Ee]mail|[Rr]ef|[Pp]olicy|[Ss]cope|[Ii]ssuer|[Ss]tatus|[Ll]abel|[Ff]ield|[Cc]olumn|[Pp]rovider|[Mm]ethod|[Ee]nabled|[Rr]equired|[Hh]int|[Dd]escription)$/;

/** What a name says about its value. */
export function strengthOf(name: string): NameStrength {
  if (HARMLESS_NAME.test(name) || ABOUT.test(name)) return 'none';
  if (PASSWORD.test(name)) return PASSWORD_ENDS.test(name) ? 'password' : 'secret';
  if (SECRET.test(name)) return 'secret';
  const isDigest = DIGEST_NAME.test(name);
  if (CREDENTIAL.test(name)) return isDigest ? 'none' : 'credential';
  return KEY.test(name) && !isDigest ? 'key' : 'none';
}

/** Names judged lately, by what their characters add up to; texts repeat theirs. */
const REMEMBERED_NAMES = 1024;

/** Tells what a name, a part of a text or all of it, says about its value. */
export type NameJudge = (text: string, start?: number, end?: number) => NameStrength;

/** Makes {@link strengthOf} remember: judging a name costs more than all else about an assignment. */
export function createNameJudge(): NameJudge {
  // INVARIANT: the memory is bounded, whatever names a text holds: a name takes the place of another.
  const names = new Array<string>(REMEMBERED_NAMES).fill('');
  const strengths = new Array<NameStrength>(REMEMBERED_NAMES).fill('none');
  return (text, start = 0, end = text.length) => {
    let sum = 0;
    for (let index = start; index < end; index += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(index)) | 0;
    const place = (sum ^ (sum >>> 10)) & (REMEMBERED_NAMES - 1);
    const known = names[place] ?? '';
    if (known.length === end - start && text.startsWith(known, start)) return strengths[place] ?? 'none';
    const name = text.slice(start, end);
    names[place] = name;
    return (strengths[place] = strengthOf(name));
  };
}

const FORM_WORDS = /passw|enter|please|must|requir|your|forgot|change|reset|invalid|wrong|%s|\{/i;
const SYMBOLS = /[^\w./:@ -]/;
const BLANK = /\s/;
const LETTER = /[a-z]/i;
const LETTERS = /^[a-z]+$/i;
const LETTER_OR_DIGIT = /[a-z\d]/i;
const SEVERAL_WORDS = /[_.-]|[a-z][A-Z]/;

/** The least length of a value that each strength asks for. */
const MIN_VALUE_LENGTH = { none: Infinity, password: 1, secret: 6, credential: 12, key: 16 } as const;

/** Whether a value is too short to be a credential under a name of this strength. */
export function isTooShort(value: string, strength: NameStrength): boolean {
  return value.length < MIN_VALUE_LENGTH[strength];
}

/**
 * Whether an assignment gives a credential to its name.
 *
 * @param strength what the name says: see {@link strengthOf}
 */
export function isCredentialAssignment(assignment: Assignment, strength: NameStrength): boolean {
  const { valueStart, valueEnd } = assignment;
  if (valueEnd - valueStart < MIN_VALUE_LENGTH[strength] || assignment.scoped) return false;
  // What tells most values apart comes first, and what reads them word by word only where they passed.
  if (!isValueFor(strength, assignment)) return false;
  const { name, value } = assignment;
  if (isPlaceholder(value)) return false;
  if (!assignment.quoted && isExpression(value, name, assignment.next, assignment.spaced)) return false;
  // The verb: `pass \`--flag\``, `pass: 12, fail: 0`.
  return !(
    name.length === 4 &&
    name.toLowerCase() === 'pass' &&
    (assignment.operator === ' ' || !isMixed(value))
  );
}

/** Whether a value has the form that a name of this strength asks for. */
function isValueFor(strength: NameStrength, assignment: Assignment): boolean {
  switch (strength) {
    case 'none':
      return false;
    case 'password':
      return isPasswordValue(assignment);
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

/** The names whose value is a finding whatever it is, unless it says that it is none. */
export const NAMES_ANY_VALUE = /(?:password|api[_-]?key)$/i;

const WORKING_DIRECTORY = /^(?:old)?pwd$/i;
const PATH = /^(?:[/~.]|[a-z]:[\\/])/i;

/** A password may be any word; a sentence, a label, code, or what speech says about a password, is none. */
function isPasswordValue(assignment: Assignment): boolean {
  const { name, operator, quoted, sameLine, value } = assignment;
  if (!quoted && !sameLine) return false;
  if (value.length === name.length && value.toLowerCase() === name.toLowerCase()) return false;
  if (!LETTER_OR_DIGIT.test(value) || isCodeShape(assignment)) return false;
  if (operator === ',' || operator === '>' || operator === '->')
    return value.length >= 6 && isSecretShape(value);
  if (!quoted) return isBareValue(assignment);
  return !isLabel(value) && (!BLANK.test(value) || isPhrase(operator, value));
}

/** Whether a password that stands without quotes is neither prose nor, where the name may mean it, a path or a word. */
function isBareValue({ name, next, operator, spaced, value }: Assignment): boolean {
  if (operator === 'is' || operator === ' ')
    return value.length >= 6 && !LETTERS.test(value) && !isProseWord(value);
  if ((operator !== '=' || (spaced && next === ' ')) && isProseWord(value)) return false;
  if (NAMES_ANY_VALUE.test(name)) return true;
  if (WORKING_DIRECTORY.test(name) && PATH.test(value)) return plainShare(value) < 0.5;
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
  if (value.length < 6 || BLANK.test(value)) return false;
  const strong = (quoted && operator !== ',') || operator === '=';
  return isTokenValue(assignment, 10) || (strong && (SYMBOLS.test(value) || isSecretShape(value)));
}

function isMixed(value: string): boolean {
  return hasDigit(value) && LETTER.test(value);
}

/** Mixed characters that no name or path of a program has. */
function isSecretShape(value: string): boolean {
  return (
    (hasDigit(value) || SYMBOLS.test(value)) &&
    LETTER.test(value) &&
    !BLANK.test(value) &&
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
  if (BLANK.test(assignment.value) || !isRandomIfDistinct(text, valueStart, valueEnd)) return false;
  return isSure || entropyBits(text, valueStart, valueEnd) >= MIN_TOKEN_BITS;
}
