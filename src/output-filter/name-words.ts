/** The words and patterns by which names of credentials are told. */

import { alternativesOf, createWordSets, wordsOf } from './word-sets.js';

/** Words in which `*` stands for each of some signs. */
const spelledWith = (signs: readonly string[], words: string): string =>
  signs.map((sign) => words.replaceAll('*', sign)).join(' ');

const HYPHEN_OR_NOT = ['', '-', '_'];
const SIGN_OR_NOT = ['', '-', '_', '.'];
const SIGNS = ['-', '_', '.'];

const PASSWORD = `passwd password passwort kennwort senha contrasena
  ${spelledWith(HYPHEN_OR_NOT, 'pass*phrase api*key motde*passe mot-de*passe mot_de*passe')}`;

/** The password itself, as opposed to what belongs to it: `password`, not `password_manager`. */
const PASSWORD_ITSELF = 'passwd password pass pwd phrase passwort kennwort senha contrasena passe key';

/** What is counted in tokens, before that word: `max_tokens`. */
const COUNTED = 'max min num total prompt completion output input';

/** Endings that make a name one of something about the credential, besides those of expiry. */
const ABOUT = `name type url uri path file dir count at ttl length size alg algorithm version format prefix hash digest
  arn fingerprint endpoint host email ref policy scope issuer status label field column provider method enabled required
  hint description`;

/** What names hold, or end in, that say something about their values. */
export const words = createWordSets({
  /** A password, or a key that is given out as one. */
  password: { anywhere: PASSWORD, atEnd: 'pwd' },
  /** What each name of a password holds, also one with a letter beyond ASCII. */
  passwordish: { anywhere: `${PASSWORD} pass pwd contrase` },
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
  /** What holds a word of those by chance. */
  noDigest: { anywhere: 'shar shad hashi guide committe' },
  /** Names that hold a credential word and never a credential. */
  harmless: {
    anywhere: `keyword keyboard keyframe keyspace keyring key_ring monkey turkey hockey donkey tokeniz tokenis secretar`,
    atEnd: `tokens -- ${spelledWith(HYPHEN_OR_NOT, 'key*id token*id user*id request*id trace*id session*id')}
      .js .jsx .ts .tsx .cjs .cjsx .cts .ctsx .mjs .mjsx .mts .mtsx .json .md .py .go .rs .java .rb .php .sh .yml .yaml
      .toml .txt .htm .html .css .lock .sql .pem .cpp .c .h`,
  },
  author: { anywhere: 'author' },
  counted: {
    anywhere: wordsOf(COUNTED)
      .map((word) => spelledWith(HYPHEN_OR_NOT, `${word}*token`))
      .join(' '),
  },
  keyOrToken: { atEnd: 'key keys token tokens' },
  about: { atEnd: ABOUT },
  dedup: { anywhere: 'dedup' },
  expiry: { anywhere: 'xpir' },
  /** Names whose value is a finding whatever it is, unless it says that it is none. */
  anyValue: { atEnd: `password ${spelledWith(HYPHEN_OR_NOT, 'api*key')}` },
  passwordItself: { atEnd: PASSWORD_ITSELF },
});

/** The word that has a letter beyond ASCII. */
export const FOREIGN_PASSWORD = /contraseña/i;
const ONE_OF_SEVERAL =
  'prod production dev test staging stage live qa value string text plain raw new old current';
/** A password by itself, or one of several, told apart by a number or a word: `password_2`, `password.prod`. */
// eslint-disable-next-line security/detect-non-literal-regexp -- words and signs, of constants
export const ONE_OF_PASSWORDS = new RegExp(
  `(?:${alternativesOf(PASSWORD_ITSELF)}|contraseña)(?:[_.-]?(?:\\d{1,4}|${alternativesOf(ONE_OF_SEVERAL)}))?$`,
  'i',
);

export const AUTHOR = /author(?!iz)/i;
// eslint-disable-next-line security/detect-non-literal-regexp -- words and signs, of constants
export const COUNTED_TOKENS = new RegExp(`(?:[_\\-.]|\\b)(?:${alternativesOf(COUNTED)})[_-]?token`, 'i');
export const DEDUP_KEY = /dedup\w{0,10}[_.-]?(?:keys?|tokens?)$/i;
/** The kinds of keys and tokens that are no credentials. */
export const harmlessKinds = createWordSets({
  kinds: {
    atEnd: `public primary foreign partition sort cache idempotency object group row hash index lookup map page next
      previous prev continuation sync cursor start resume surrogate composite unique natural routing range query s3 pub
      hot short arrow config dict json translation i18n feature flag`,
  },
});

/** A word, its first letter of either case. */
const capitalisedOrNot = (word: string): string =>
  `[${word.charAt(0).toUpperCase()}${word.charAt(0)}]${word.slice(1)}`;
/** A name whose last part is about the credential: `token_type`, `tokenType`, `tokenExpires`. */
// eslint-disable-next-line security/detect-non-literal-regexp -- words and signs, of constants
export const ABOUT_CREDENTIAL = new RegExp(
  `(?:[_.-]|(?<=[a-z]))(?:${wordsOf(ABOUT).map(capitalisedOrNot).join('|')}|[Ee]xpir\\w{0,10})$`,
);
