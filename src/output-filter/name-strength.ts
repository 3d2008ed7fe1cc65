import { codeAt } from './characters.js';
import { BEYOND_ASCII, createWordSets } from './word-sets.js';

/** How sure a name makes us that its value is a credential. */
export type NameStrength = 'password' | 'secret' | 'credential' | 'key' | 'none';

/** What a name says about its value. */
export interface NameJudgement {
  readonly strength: NameStrength;
  /** For a name whose value is a finding whatever it is: what samples call it, such as `password=`; null for others. */
  readonly label: string | null;
}

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
  /** Endings that make a name one of something about the credential. */
  about: {
    atEnd: `name type url uri path file dir count at ttl length size alg algorithm version format prefix hash digest arn
      fingerprint endpoint host email ref policy scope issuer status label field column provider method enabled required
      hint description`,
  },
  dedup: { anywhere: 'dedup' },
  expiry: { anywhere: 'xpir' },
  /** Names whose value is a finding whatever it is, unless it says that it is none. */
  anyValue: { atEnd: `password ${spelledWith(HYPHEN_OR_NOT, 'api*key')}` },
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
/** The kinds of keys and tokens that are no credentials. */
const harmlessKinds = createWordSets({
  kinds: {
    atEnd: `public primary foreign partition sort cache idempotency object group row hash index lookup map page next
      previous prev continuation sync cursor start resume surrogate composite unique natural routing range query s3 pub
      hot short arrow config dict json translation i18n feature flag`,
  },
});

/** The same, as the last part of a name: `token_type`, `tokenType`, `tokenExpires`. */
const ABOUT =
  /(?:[_.-]|(?<=[a-z]))(?:[Nn]ame|[Tt]ype|[Uu]rl|[Uu]ri|[Pp]ath|[Ff]ile|[Dd]ir|[Cc]ount|[Aa]t|[Tt]tl|[Ee]xpir\w{0,10}|[Ll]ength|[Ss]ize|[Aa]lg|[Aa]lgorithm|[Vv]ersion|[Ff]ormat|[Pp]refix|[Hh]ash|[Dd]igest|[Aa]rn|[Ff]ingerprint|[Ee]ndpoint|[Hh]ost|[Ee]mail|[Rr]ef|[Pp]olicy|[Ss]cope|[Ii]ssuer|[Ss]tatus|[Ll]abel|[Ff]ield|[Cc]olumn|[Pp]rovider|[Mm]ethod|[Ee]nabled|[Rr]equired|[Hh]int|[Dd]escription)$/;

/** A name: a part of a text, and the sets of words that it holds. */
interface Name {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly held: number;
}

const holds = ({ held }: Name, set: number): boolean => (held & set) !== 0;

/** Whether a name holds a word of a set and matches a pattern, which few names can that hold none. */
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
  if (matches(name, OF.counted, COUNTED_TOKENS) || matches(name, OF.about | OF.expiry, ABOUT)) return true;
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
  const isDigest = holds(name, OF.digest);
  if (holds(name, OF.credential) || endsInPart(name, OF.dsn, 'dsn'))
    return isDigest ? JUDGEMENTS.none : JUDGEMENTS.credential;
  const isKey = holds(name, OF.key) || endsInPart(name, OF.sid, 'sid');
  return isKey && !isDigest ? JUDGEMENTS.key : JUDGEMENTS.none;
}
