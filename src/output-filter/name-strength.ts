import { ownCopy } from '../domain/own-copy.js';
import { codeAt, unitAt } from './characters.js';
import { lettersOf, lettersOfWords, mayHoldOneOf } from './letters.js';

/** How sure a name makes us that its value is a credential. */
export type NameStrength = 'password' | 'secret' | 'credential' | 'key' | 'none';

/** A pattern, and words of which every match has all letters of one: most names show by theirs that they have none. */
interface NamePattern {
  readonly pattern: RegExp;
  readonly letters: readonly number[];
}

const namePattern = (words: string, pattern: RegExp): NamePattern => ({
  pattern,
  letters: lettersOfWords(words),
});

/** Whether a name, which has these letters, matches. */
function matches(name: string, letters: number, { pattern, letters: words }: NamePattern): boolean {
  return mayHoldOneOf(letters, words) && pattern.test(name);
}

const PASSWORD = namePattern(
  'pass kennwort senha contrase pwd apikey',
  /passw(?:or)?d|pass[_-]?phrase|passwort|kennwort|senha|contrase(?:n|ñ)a|mot[_-]?de[_-]?passe|(?:^|[_.-])(?:pwd|pass)$|pwd$|api[_-]?key/i,
);
/** The password itself, as opposed to what belongs to it: `password`, `password_2`, not `password_manager`. */
const PASSWORD_ENDS =
  /(?:passw(?:or)?d|pass|pwd|phrase|passwort|kennwort|senha|contrase(?:n|ñ)a|passe|key)(?:[_.-]?(?:\d{1,4}|prod|production|dev|test|staging|stage|live|qa|value|string|text|plain|raw|new|old|current))?$/i;
const SECRET = namePattern(
  'secret passcode key',
  /secret|passcode|private[_.-]?key|signing[_.-]?key|encryption[_.-]?key|master[_.-]?key/i,
);
const CREDENTIAL = namePattern(
  'token credential creds auth bearer key pat sas dsn cookie hmac jwt secret',
  /token|credential|creds|auth|bearer|(?:access|account|service|client|app|application|license|licence|consumer|storage|shared|db|database|admin|user|write|read|server|developer|dev|integration|ingest|ingestion|personal|subscription|instrumentation|project|secure|security|session|web[_-]?hook|x|rest|maps|search|deploy|sas)[_.-]?key|[_.-]pat$|[_.-]sas$|(?:^|[_.-])dsn$|cookie|hmac|jwt|apisecret/i,
);
const KEY = namePattern(
  'key salt signature id',
  /key|salt|signature$|(?:^|[_.-])sid$|client[_.-]?id$|app[_.-]?id$/i,
);

/** What stands under such a name looks as random as a credential. */
const DIGEST_NAME = namePattern(
  'commit sha digest checksum etag trace span revision fingerprint integrity uuid guid',
  /commit|sha\d*|digest|checksum|etag|trace|span|revision|fingerprint|integrity|uuid|guid|hash/i,
);

/** Names that hold a credential word and never a credential: of keys and tokens, and others. */
const HARMLESS_KEY_END =
  /(?:(?:public|primary|foreign|partition|sort|cache|idempotency|object|dedup\w{0,10}|group|row|hash|index|lookup|map|page|next|previous|prev|continuation|sync|cursor|start|resume|surrogate|composite|unique|natural|routing|range|query|storage_object|s3|pub|hot|short|arrow|config|dict|json|translation|i18n|feature|flag)[_.-]?(?:keys?|tokens?)|tokens)$/i;
const HARMLESS_WORD = namePattern(
  'keyword keyboard keyframe keyspace keyring monkey turkey hockey donkey tokeniz tokenis author secretar',
  /keyword|keyboard|keyframe|keyspace|key_?ring|monkey|turkey|hockey|donkey|tokeniz|tokenis|author(?!iz)|secretar/i,
);
const COUNTED_TOKENS = namePattern(
  'maxtoken mintoken numtoken totaltoken prompttoken completiontoken outputtoken inputtoken',
  /(?:[_\-.]|\b)(?:max|min|num|total|prompt|completion|output|input)[_-]?tokens?/i,
);
const HARMLESS_END =
  /(?:key|token|user|request|trace|session)[_-]?id$|\.(?:[cm]?[jt]sx?|json|md|py|go|rs|java|rb|php|sh|ya?ml|toml|txt|html?|css|lock|sql|pem|cpp|[ch])$|--$/i;
const OF_KEYS = 1;
const OF_OTHERS = 2;
/** By its last character, in lower case, which harmless names a name may be: those of keys, others, or none. */
const ENDS = new Uint8Array(128);
for (const letter of 'yns') ENDS[letter.charCodeAt(0)] = OF_KEYS;
for (const letter of 'd-') ENDS[letter.charCodeAt(0)] = OF_OTHERS;

/** Endings that make a name one of something about the credential. */
const ABOUT =
  /(?:[_.-]|(?<=[a-z]))(?:[Nn]ame|[Tt]ype|[Uu]rl|[Uu]ri|[Pp]ath|[Ff]ile|[Dd]ir|[Cc]ount|[Aa]t|[Tt]tl|[Ee]xpir\w{0,10}|[Ll]ength|[Ss]ize|[Aa]lg|[Aa]lgorithm|[Vv]ersion|[Ff]ormat|[Pp]refix|[Hh]ash|[Dd]igest|[Aa]rn|[Ff]ingerprint|[Ee]ndpoint|[Hh]ost|[Ee]mail|[Rr]ef|[Pp]olicy|[Ss]cope|[Ii]ssuer|[Ss]tatus|[Ll]abel|[Ff]ield|[Cc]olumn|[Pp]rovider|[Mm]ethod|[Ee]nabled|[Rr]equired|[Hh]int|[Dd]escription)$/;

/** The last two letters of those endings, as `last but one << 5 | last`. */
const ENDS_ABOUT = new Uint8Array(32 * 32);
const endOf = (name: string): number =>
  ((codeAt(name, name.length - 2) & 31) << 5) | (codeAt(name, name.length - 1) & 31);
for (const [, initial = '', rest = ''] of ABOUT.source.matchAll(/\[[A-Z]([a-z])\]([a-z]+)/g)) {
  ENDS_ABOUT[endOf(initial + rest)] = 1;
}

/** Whether a name holds a credential word and gives no credential. What few names can match is tried on those alone. */
function isHarmless(name: string, letters: number): boolean {
  if (matches(name, letters, HARMLESS_WORD) || matches(name, letters, COUNTED_TOKENS)) return true;
  const end = ENDS[codeAt(name, name.length - 1) | 32] ?? 0;
  if (end === OF_KEYS && HARMLESS_KEY_END.test(name)) return true;
  if ((end === OF_OTHERS || name.includes('.')) && HARMLESS_END.test(name)) return true;
  return (ENDS_ABOUT[endOf(name)] === 1 || name.includes('xpir')) && ABOUT.test(name);
}

/** Whether the name from `start` to `end` may be one of a password: whether its letters are in it. */
export function mayNamePassword(text: string, start = 0, end = text.length): boolean {
  return mayHoldOneOf(lettersOf(text, start, end), PASSWORD.letters);
}

/** What a name says about its value. */
export function strengthOf(name: string): NameStrength {
  const letters = lettersOf(name);
  if (isHarmless(name, letters)) return 'none';
  if (matches(name, letters, PASSWORD)) return PASSWORD_ENDS.test(name) ? 'password' : 'secret';
  if (matches(name, letters, SECRET)) return 'secret';
  const isDigest = matches(name, letters, DIGEST_NAME);
  if (matches(name, letters, CREDENTIAL)) return isDigest ? 'none' : 'credential';
  return matches(name, letters, KEY) && !isDigest ? 'key' : 'none';
}

/** The names whose value is a finding whatever it is, unless it says that it is none. */
const NAMES_ANY_VALUE = /(?:password|api[_-]?key)$/i;

/** What a name says about its value, in full. */
export interface NameJudgement {
  readonly strength: NameStrength;
  /** For a name whose value is a finding whatever it is: what samples call it, such as `password=`; null for others. */
  readonly label: string | null;
}

function judge(name: string): NameJudgement {
  const strength = strengthOf(name);
  const named = strength === 'password' ? NAMES_ANY_VALUE.exec(name) : null;
  return { strength, label: named === null ? null : `${named[0].toLowerCase()}=` };
}

/** Names judged lately, by what their characters add up to; texts repeat theirs. */
const REMEMBERED_NAMES = 1024;

/** Tells what a name, a part of a text or all of it, says about its value. */
export type NameJudge = (text: string, start?: number, end?: number) => NameJudgement;

/** Makes a judge that remembers: judging a name costs more than all else about an assignment. */
export function createNameJudge(): NameJudge {
  // INVARIANT: the memory is bounded, whatever names a text holds: a name takes the place of another.
  const names = new Array<string>(REMEMBERED_NAMES).fill('');
  const judgements = new Array<NameJudgement>(REMEMBERED_NAMES).fill(judge(''));
  return (text, start = 0, end = text.length) => {
    let sum = 0;
    for (let index = start; index < end; index += 1) sum = (Math.imul(sum, 31) + unitAt(text, index)) | 0;
    const place = (sum ^ (sum >>> 10)) & (REMEMBERED_NAMES - 1);
    const name = names[place] ?? '';
    const known = judgements[place];
    if (known !== undefined && name.length === end - start && text.startsWith(name, start)) return known;
    const own = ownCopy(text.slice(start, end));
    names[place] = own;
    return (judgements[place] = judge(own));
  };
}
