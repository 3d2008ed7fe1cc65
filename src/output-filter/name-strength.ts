import { ownCopy } from '../domain/own-copy.js';
import { codeAt, unitAt } from './characters.js';
import { createWordSets } from './word-sets.js';

/** How sure a name makes us that its value is a credential. */
export type NameStrength = 'password' | 'secret' | 'credential' | 'key' | 'none';

const spelledWith = (words: string, signs: readonly string[]): string =>
  signs.map((sign) => words.replaceAll('*', sign)).join(' ');

/** Words of which a name that matches a pattern holds one: most names hold none. */
const WORDS = {
  password: `pass kennwort senha contrase pwd ${spelledWith('api*key', ['', '-', '_'])}`,
  secret: 'secret passcode private signing encryption master',
  credential: 'token credential creds auth bearer key pat sas dsn cookie hmac jwt',
  key: `key salt signature sid ${spelledWith('client*id app*id', ['', '-', '_', '.'])}`,
  digest: 'commit sha digest checksum etag trace span revision fingerprint integrity uuid guid hash',
  harmless:
    'keyword keyboard keyframe keyspace keyring key_ring monkey turkey hockey donkey tokeniz tokenis author secretar',
  counted: spelledWith(
    'max*token min*token num*token total*token prompt*token completion*token output*token input*token',
    ['', '-', '_'],
  ),
  keyOrToken: 'key token',
} as const;

const wordsOf = createWordSets(Object.values(WORDS));
const bitOf = (set: keyof typeof WORDS): number => 1 << Object.keys(WORDS).indexOf(set);

const OF_PASSWORD = bitOf('password');
const OF_SECRET = bitOf('secret');
const OF_CREDENTIAL = bitOf('credential');
const OF_KEY = bitOf('key');
const OF_DIGEST = bitOf('digest');
const OF_HARMLESS = bitOf('harmless');
const OF_COUNTED = bitOf('counted');
const OF_KEY_OR_TOKEN = bitOf('keyOrToken');
const OF_ANY_CREDENTIAL = OF_PASSWORD | OF_SECRET | OF_CREDENTIAL | OF_KEY;

const PASSWORD =
  /passw(?:or)?d|pass[_-]?phrase|passwort|kennwort|senha|contrase(?:n|ñ)a|mot[_-]?de[_-]?passe|(?:^|[_.-])(?:pwd|pass)$|pwd$|api[_-]?key/i;
/** The password itself, as opposed to what belongs to it: `password`, `password_2`, not `password_manager`. */
const PASSWORD_ENDS =
  /(?:passw(?:or)?d|pass|pwd|phrase|passwort|kennwort|senha|contrase(?:n|ñ)a|passe|key)(?:[_.-]?(?:\d{1,4}|prod|production|dev|test|staging|stage|live|qa|value|string|text|plain|raw|new|old|current))?$/i;
const SECRET = /secret|passcode|private[_.-]?key|signing[_.-]?key|encryption[_.-]?key|master[_.-]?key/i;
const CREDENTIAL =
  /token|credential|creds|auth|bearer|(?:access|account|service|client|app|application|license|licence|consumer|storage|shared|db|database|admin|user|write|read|server|developer|dev|integration|ingest|ingestion|personal|subscription|instrumentation|project|secure|security|session|web[_-]?hook|x|rest|maps|search|deploy|sas)[_.-]?key|[_.-]pat$|[_.-]sas$|(?:^|[_.-])dsn$|cookie|hmac|jwt/i;
const KEY = /key|salt|signature$|(?:^|[_.-])sid$|client[_.-]?id$|app[_.-]?id$/i;

/** Names that hold a credential word and never a credential: of keys and tokens, and others. */
const HARMLESS_KEY_END =
  /(?:(?:public|primary|foreign|partition|sort|cache|idempotency|object|dedup\w{0,10}|group|row|hash|index|lookup|map|page|next|previous|prev|continuation|sync|cursor|start|resume|surrogate|composite|unique|natural|routing|range|query|storage_object|s3|pub|hot|short|arrow|config|dict|json|translation|i18n|feature|flag)[_.-]?(?:keys?|tokens?)|tokens)$/i;
const HARMLESS_WORD =
  /keyword|keyboard|keyframe|keyspace|key_?ring|monkey|turkey|hockey|donkey|tokeniz|tokenis|author(?!iz)|secretar/i;
const COUNTED_TOKENS = /(?:[_\-.]|\b)(?:max|min|num|total|prompt|completion|output|input)[_-]?tokens?/i;
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

/** Whether a name, which holds these words, gives no credential. What few names can match is tried on those alone. */
function isHarmless(name: string, words: number): boolean {
  if ((words & OF_HARMLESS) !== 0 && HARMLESS_WORD.test(name)) return true;
  if ((words & OF_COUNTED) !== 0 && COUNTED_TOKENS.test(name)) return true;
  const end = ENDS[codeAt(name, name.length - 1) | 32] ?? 0;
  if (end === OF_KEYS && (words & OF_KEY_OR_TOKEN) !== 0 && HARMLESS_KEY_END.test(name)) return true;
  if ((end === OF_OTHERS || name.includes('.')) && HARMLESS_END.test(name)) return true;
  return (ENDS_ABOUT[endOf(name)] === 1 || name.includes('xpir')) && ABOUT.test(name);
}

/** Whether the name from `start` to `end` may be one of a password: whether it holds a word of theirs. */
export function mayNamePassword(text: string, start = 0, end = text.length): boolean {
  return (wordsOf(text, start, end) & OF_PASSWORD) !== 0;
}

/** What a name says about its value. */
export function strengthOf(name: string): NameStrength {
  const words = wordsOf(name);
  if ((words & OF_ANY_CREDENTIAL) === 0 || isHarmless(name, words)) return 'none';
  if ((words & OF_PASSWORD) !== 0 && PASSWORD.test(name))
    return PASSWORD_ENDS.test(name) ? 'password' : 'secret';
  if ((words & OF_SECRET) !== 0 && SECRET.test(name)) return 'secret';
  // What stands under such a name looks as random.
  const isDigest = (words & OF_DIGEST) !== 0;
  if ((words & OF_CREDENTIAL) !== 0 && CREDENTIAL.test(name)) return isDigest ? 'none' : 'credential';
  return (words & OF_KEY) !== 0 && KEY.test(name) && !isDigest ? 'key' : 'none';
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
