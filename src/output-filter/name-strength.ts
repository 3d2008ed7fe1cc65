import { ownCopy } from '../domain/own-copy.js';
import { codeAt, unitAt } from './characters.js';
import { BEYOND_ASCII, createWordSets } from './word-sets.js';

/** How sure a name makes us that its value is a credential. */
export type NameStrength = 'password' | 'secret' | 'credential' | 'key' | 'none';

/** Words in which `*` stands for each of some signs. */
const spelledWith = (signs: readonly string[], words: string): string =>
  signs.map((sign) => words.replaceAll('*', sign)).join(' ');

const HYPHEN_OR_NOT = ['', '-', '_'];
const SIGN_OR_NOT = ['', '-', '_', '.'];
const SIGNS = ['-', '_', '.'];

/** What names hold, or end in, that say something about their values. */
const words = createWordSets({
  /** A password, or a key that is given out as one. */
  password: {
    anywhere: `passwd password passwort kennwort senha contrasena
      ${spelledWith(HYPHEN_OR_NOT, 'pass*phrase api*key motde*passe mot-de*passe mot_de*passe')}`,
    atEnd: 'pwd',
  },
  /** What each name of a password holds. */
  passwordish: { anywhere: `pass kennwort senha contrase pwd ${spelledWith(HYPHEN_OR_NOT, 'api*key')}` },
  secret: {
    anywhere: `secret passcode ${spelledWith(SIGN_OR_NOT, 'private*key signing*key encryption*key master*key')}`,
  },
  credential: {
    anywhere: `token credential creds auth bearer cookie hmac jwt ${spelledWith(
      SIGN_OR_NOT,
      `access*key account*key service*key client*key app*key application*key license*key licence*key consumer*key
       storage*key shared*key db*key database*key admin*key user*key write*key read*key server*key developer*key dev*key
       integration*key ingest*key ingestion*key personal*key subscription*key instrumentation*key project*key secure*key
       security*key session*key webhook*key web-hook*key web_hook*key x*key rest*key maps*key search*key deploy*key
       sas*key`,
    )}`,
    atEnd: spelledWith(SIGNS, '*pat *sas'),
  },
  key: {
    anywhere: 'key salt',
    atEnd: `signature ${spelledWith(SIGN_OR_NOT, 'client*id app*id')}`,
  },
  /** Those that are names of credentials by themselves, or as the last of several parts. */
  pass: { atEnd: 'pass' },
  dsn: { atEnd: 'dsn' },
  sid: { atEnd: 'sid' },
  /** What stands under such a name looks as random. */
  digest: {
    anywhere: 'commit sha digest checksum etag trace span revision fingerprint integrity uuid guid hash',
  },
  /** Names that hold a credential word and never a credential. */
  harmless: {
    anywhere: `keyword keyboard keyframe keyspace keyring key_ring monkey turkey hockey donkey tokeniz tokenis secretar`,
    atEnd: `tokens -- ${spelledWith(HYPHEN_OR_NOT, 'key*id token*id user*id request*id trace*id session*id')}
      .js .jsx .ts .tsx .cjs .cjsx .cts .ctsx .mjs .mjsx .mts .mtsx .json .md .py .go .rs .java .rb .php .sh .yml .yaml
      .toml .txt .htm .html .css .lock .sql .pem .cpp .c .h`,
  },
  author: { anywhere: 'author' },
  counted: {
    anywhere: spelledWith(
      HYPHEN_OR_NOT,
      'max*token min*token num*token total*token prompt*token completion*token output*token input*token',
    ),
  },
  keyOrToken: { atEnd: 'key keys token tokens' },
  dedup: { anywhere: 'dedup' },
  expiry: { anywhere: 'xpir' },
  /** The password itself, as opposed to what belongs to it: `password`, not `password_manager`. */
  passwordItself: { atEnd: 'passwd password pass pwd phrase passwort kennwort senha contrasena passe key' },
});

const OF = words.bits;
const OF_ANY = OF.passwordish | OF.secret | OF.credential | OF.key | OF.dsn | OF.sid;

/** The word that has a letter beyond ASCII. */
const FOREIGN_PASSWORD = /contraseña/i;
/** A password of a number, a stage or a form: `password_2`, `password.prod`. */
const ONE_OF_PASSWORDS =
  /(?:passw(?:or)?d|pass|pwd|phrase|passwort|kennwort|senha|contrase(?:n|ñ)a|passe|key)(?:[_.-]?(?:\d{1,4}|prod|production|dev|test|staging|stage|live|qa|value|string|text|plain|raw|new|old|current))?$/i;

const AUTHOR = /author(?!iz)/i;
const COUNTED_TOKENS = /(?:[_\-.]|\b)(?:max|min|num|total|prompt|completion|output|input)[_-]?tokens?/i;
const DEDUP_KEY = /dedup\w{0,10}[_.-]?(?:keys?|tokens?)$/i;
const KEY_OR_TOKEN = /[_.-]?(?:keys?|tokens?)$/i;
/** The kinds of keys and tokens that are no credentials. */
const harmlessKinds = createWordSets({
  kinds: {
    atEnd: `public primary foreign partition sort cache idempotency object group row hash index lookup map page next
      previous prev continuation sync cursor start resume surrogate composite unique natural routing range query s3 pub
      hot short arrow config dict json translation i18n feature flag`,
  },
});

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

/** Whether a name, which holds words of these sets, gives no credential. What few names can match is tried on those alone. */
function isHarmless(name: string, held: number): boolean {
  if ((held & OF.harmless) !== 0) return true;
  if ((held & OF.author) !== 0 && AUTHOR.test(name)) return true;
  if ((held & OF.counted) !== 0 && COUNTED_TOKENS.test(name)) return true;
  if ((held & OF.keyOrToken) !== 0 && isHarmlessKey(name, held)) return true;
  return (ENDS_ABOUT[endOf(name)] === 1 || (held & OF.expiry) !== 0) && ABOUT.test(name);
}

/** Whether a name that ends in a key or token says of which kind, and that it is no credential. */
function isHarmlessKey(name: string, held: number): boolean {
  if ((held & OF.dedup) !== 0 && DEDUP_KEY.test(name)) return true;
  return (harmlessKinds.heldBy(name, 0, name.search(KEY_OR_TOKEN)) & ~BEYOND_ASCII) !== 0;
}

/** Whether a part of a name begins at a place: at its beginning, or behind a sign. */
function isPartAt(name: string, start: number): boolean {
  const before = codeAt(name, start - 1);
  return start <= 0 || before === 45 || before === 46 || before === 95;
}

const endsInPart = (name: string, held: number, set: number, part: string): boolean =>
  (held & set) !== 0 && isPartAt(name, name.length - part.length);

/** Whether a name of a password may stand from `start` to `end`: whether a word of theirs does. */
export function mayNamePassword(text: string, start = 0, end = text.length): boolean {
  return (words.heldBy(text, start, end) & OF.passwordish) !== 0;
}

function namesPassword(name: string, held: number): boolean {
  if ((held & OF.password) !== 0 || endsInPart(name, held, OF.pass, 'pass')) return true;
  return (held & BEYOND_ASCII) !== 0 && FOREIGN_PASSWORD.test(name);
}

/** What a name says about its value. */
export function strengthOf(name: string): NameStrength {
  const held = words.heldBy(name);
  if ((held & OF_ANY) === 0 || isHarmless(name, held)) return 'none';
  if (namesPassword(name, held)) {
    const isItself = (held & OF.passwordItself) !== 0 || ONE_OF_PASSWORDS.test(name);
    return isItself ? 'password' : 'secret';
  }
  if ((held & OF.secret) !== 0) return 'secret';
  const isDigest = (held & OF.digest) !== 0;
  const isCredential = (held & OF.credential) !== 0 || endsInPart(name, held, OF.dsn, 'dsn');
  if (isCredential) return isDigest ? 'none' : 'credential';
  const isKey = (held & OF.key) !== 0 || endsInPart(name, held, OF.sid, 'sid');
  return isKey && !isDigest ? 'key' : 'none';
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
