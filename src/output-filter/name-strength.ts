import { codeAt } from './characters.js';
import {
  ABOUT_CREDENTIAL,
  AUTHOR,
  COUNTED_TOKENS,
  DEDUP_KEY,
  FOREIGN_PASSWORD,
  harmlessKinds,
  ONE_OF_PASSWORDS,
  words,
} from './name-words.js';
import { BEYOND_ASCII } from './word-sets.js';

/** How sure a name makes us that its value is a credential. */
export type NameStrength = 'password' | 'secret' | 'credential' | 'key' | 'none';

/** What a name says about its value. */
export interface NameJudgement {
  readonly strength: NameStrength;
  /** For a name whose value is a finding whatever it is: what samples call it, such as `password=`; null for others. */
  readonly label: string | null;
}

const OF = words.bits;
/** INVARIANT: a name that holds none of these is judged none. */
const OF_ANY = OF.passwordish | OF.secret | OF.credential | OF.key | OF.dsn | OF.sid;

/** A name: a part of a text, and the sets of words that it holds. */
interface Name {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly held: number;
}

const holds = ({ held }: Name, set: number): boolean => (held & set) !== 0;

/** Whether a name holds a word of a set and matches a pattern: the pattern costs more, and no other name matches it. */
const matches = (name: Name, set: number, pattern: RegExp): boolean =>
  holds(name, set) && pattern.test(name.text.slice(name.start, name.end));

const HYPHEN = 45;
const PERIOD = 46;
const UNDERSCORE = 95;
const isSign = (code: number): boolean => code === UNDERSCORE || code === HYPHEN || code === PERIOD;

const LETTER_D = 100;
const LETTER_S = 115;
const LETTER_Y = 121;
const lowerAt = (text: string, index: number): number => codeAt(text, index) | 32;

/** Whether a name gives no credential, whatever words it holds. */
function isHarmless(name: Name): boolean {
  if (holds(name, OF.harmless) || matches(name, OF.author, AUTHOR)) return true;
  if (matches(name, OF.counted, COUNTED_TOKENS) || matches(name, OF.about | OF.expiry, ABOUT_CREDENTIAL))
    return true;
  return holds(name, OF.keyOrToken) && isHarmlessKey(name);
}

/** Whether a name that ends in a key or token, or several, says of which kind, and that it is no credential. */
function isHarmlessKey(name: Name): boolean {
  if (matches(name, OF.dedup, DEDUP_KEY)) return true;
  const { text, start, end } = name;
  const singularEnd = lowerAt(text, end - 1) === LETTER_S ? end - 1 : end;
  const wordStart = singularEnd - (lowerAt(text, singularEnd - 1) === LETTER_Y ? 'key' : 'token').length;
  const kindEnd = wordStart > start && isSign(codeAt(text, wordStart - 1)) ? wordStart - 1 : wordStart;
  return (harmlessKinds.heldBy(text, start, kindEnd) & ~BEYOND_ASCII) !== 0;
}

/** Whether a name is a word of a set, or has it as the last of several parts. */
function endsInPart(name: Name, set: number, word: string): boolean {
  const at = name.end - word.length;
  return holds(name, set) && (at <= name.start || isSign(codeAt(name.text, at - 1)));
}

function namesPassword(name: Name): boolean {
  if (holds(name, OF.password) || endsInPart(name, OF.pass, 'pass')) return true;
  return matches(name, BEYOND_ASCII, FOREIGN_PASSWORD);
}

const judgementOf = (strength: NameStrength, label: string | null = null): NameJudgement =>
  Object.freeze({ strength, label });

const JUDGEMENTS = {
  none: judgementOf('none'),
  key: judgementOf('key'),
  credential: judgementOf('credential'),
  secret: judgementOf('secret'),
  password: judgementOf('password'),
};
const ANY_VALUE = {
  password: judgementOf('password', 'password='),
  apikey: judgementOf('password', 'apikey='),
  'api-key': judgementOf('password', 'api-key='),
  api_key: judgementOf('password', 'api_key='),
};

/** The judgement on a name that ends in one of {@link ANY_VALUE}. */
function judgeAnyValue({ text, end }: Name): NameJudgement {
  if (lowerAt(text, end - 1) === LETTER_D) return ANY_VALUE.password;
  const sign = codeAt(text, end - 'key'.length - 1);
  if (sign === UNDERSCORE) return ANY_VALUE.api_key;
  return sign === HYPHEN ? ANY_VALUE['api-key'] : ANY_VALUE.apikey;
}

function judgePassword(name: Name): NameJudgement {
  if (holds(name, OF.anyValue)) return judgeAnyValue(name);
  const { text, start, end } = name;
  const isItself = holds(name, OF.passwordItself) || ONE_OF_PASSWORDS.test(text.slice(start, end));
  return isItself ? JUDGEMENTS.password : JUDGEMENTS.secret;
}

/** Whether a name of a password may stand from `start` to `end`: whether a word of theirs does. */
export function mayNamePassword(text: string, start = 0, end = text.length): boolean {
  return (words.heldBy(text, start, end) & OF.passwordish) !== 0;
}

/** What a name, a part of a text or all of it, says about its value. */
export function judgeName(text: string, start = 0, end = text.length): NameJudgement {
  const held = words.heldBy(text, start, end);
  if ((held & OF_ANY) === 0) return JUDGEMENTS.none;
  const name: Name = { text, start, end, held };
  if (isHarmless(name)) return JUDGEMENTS.none;
  if (namesPassword(name)) return judgePassword(name);
  if (holds(name, OF.secret)) return JUDGEMENTS.secret;
  const isDigest = holds(name, OF.digest) && !holds(name, OF.noDigest);
  if (holds(name, OF.credential) || endsInPart(name, OF.dsn, 'dsn'))
    return isDigest ? JUDGEMENTS.none : JUDGEMENTS.credential;
  const isKey = holds(name, OF.key) || endsInPart(name, OF.sid, 'sid');
  return isKey && !isDigest ? JUDGEMENTS.key : JUDGEMENTS.none;
}
