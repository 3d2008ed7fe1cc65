import { describe, expect, it } from 'vitest';
import { judgeName, mayNamePassword, type NameStrength } from './name-strength.js';

const NAMES: Readonly<Record<NameStrength, readonly string[]>> = {
  password: [
    'password',
    'DB_PASSWORD',
    'passwort',
    'mot_de_passe',
    'contrasena_2',
    'smtp.pwd',
    'api-key',
    'apiKey',
  ],
  secret: ['client_secret', 'passcode', 'privateKey', 'SIGNING.KEY', 'password_manager'],
  credential: [
    'token',
    'accessToken',
    'creds',
    'authorization',
    'session_key',
    'webhook-key',
    'sentry_dsn',
    'MY_PAT',
  ],
  key: ['key', 'salt', 'blob_key', 'request.signature', 'twilio_sid', 'client-id', 'appId'],
  none: [
    'name',
    'public_key',
    'next_token',
    'max_tokens',
    'outputToken',
    'keyboard',
    'monkey',
    'author',
    'secretary',
    'user_id',
    'token_type',
    'passwordHash',
    'key_expiration_date',
    'token.json',
    'commit_key',
    'etag_token',
    'tokens',
    'secret--',
  ],
};

describe('the strength of a name', () => {
  it.each(Object.entries(NAMES))('is %s', (strength, names) => {
    for (const name of names) {
      expect(judgeName(name).strength, name).toBe(strength);
      expect(judgeName(`pass_${name}key`, 5, 5 + name.length), name).toBe(judgeName(name));
    }
  });

  it('of a password is not ruled out by the text around it', () => {
    for (const name of [...NAMES.password, 'my_pass', 'contraseña']) {
      expect(judgeName(name).strength, name).toBe('password');
      expect(mayNamePassword(`a ${name}=b`), name).toBe(true);
    }
    expect(mayNamePassword('a token=pw')).toBe(false);
  });

  it.each([
    ['password', 'password='],
    ['DB_PASSWORD', 'password='],
    ['my-API-key', 'api-key='],
    ['api_key', 'api_key='],
    ['apiKey', 'apikey='],
    ['passwort', null],
    ['password_2', null],
    ['token', null],
    ['next_api_tokens', null],
  ])('comes with a label where any value counts: %s', (name, label) => {
    expect(judgeName(name).label).toBe(label);
  });

  const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  const listed = (words: string): readonly string[] => words.trim().split(/\s+/);

  it.each(
    listed(`name type url uri path file dir count at ttl length size alg algorithm version format prefix hash digest arn
      fingerprint endpoint host email ref policy scope issuer status label field column provider method enabled required
      hint description expires expiration_date`),
  )('is none where the name ends in what is about a credential: %s', (word) => {
    for (const name of [`token_${word}`, `secret.${word}`, `password${capitalised(word)}`]) {
      expect(judgeName(name).strength, name).toBe('none');
    }
  });

  it.each(
    listed(`public primary foreign partition sort cache idempotency object group row hash index lookup map page next
      previous prev continuation sync cursor start resume surrogate composite unique natural routing range query s3 pub
      hot short arrow config dict json translation i18n feature flag dedup`),
  )('is none for keys and tokens that open nothing: %s', (kind) => {
    for (const name of [`my_${kind}_key`, `${kind}-tokens`, `${kind}Key`, `${kind.toUpperCase()}TOKEN`]) {
      expect(judgeName(name).strength, name).toBe('none');
    }
  });

  it.each(
    listed(`access account service client app application license licence consumer storage shared db database admin user
      write read server developer dev integration ingest ingestion personal subscription instrumentation project secure
      security session webhook web-hook web_hook x rest maps search deploy sas`),
  )('is that of a credential for keys that are issued: %s', (kind) => {
    for (const sign of ['', '-', '_', '.'])
      expect(judgeName(`my.${kind}${sign}key`).strength).toBe('credential');
  });

  it.each(listed('private signing encryption master'))('is that of a secret for the key: %s', (kind) => {
    for (const sign of ['', '-', '_', '.']) expect(judgeName(`${kind}${sign}KEY`).strength).toBe('secret');
  });

  it.each(listed('max min num total prompt completion output input'))(
    'is none for what is counted in tokens: %s',
    (count) => {
      for (const name of [`${count}_token`, `model.${count}Tokens`, `${count}-token`])
        expect(judgeName(name).strength, name).toBe('none');
      expect(judgeName(`a${count}_token`).strength).toBe('credential');
    },
  );

  it.each(listed('key token user request trace session'))('is none for an id of a %s', (thing) => {
    for (const sign of ['', '-', '_'])
      expect(judgeName(`secret_${thing}${sign}id`).strength, sign).toBe('none');
  });

  it.each(listed('commit sha digest checksum etag trace span revision fingerprint integrity uuid guid hash'))(
    'is none where what stands under the name looks random by itself: %s',
    (word) => {
      expect(judgeName(`auth-${word}-a`).strength).toBe('none');
      expect(judgeName(`salt-${word}-a`).strength).toBe('none');
      expect(judgeName(`secret-${word}-a`).strength).toBe('secret');
    },
  );

  it.each(listed('shared share shard shadow hashicorp guide committee'))(
    'is not taken for that of a digest for a word like one: %s',
    (word) => {
      expect(judgeName(`${word}_token`).strength).toBe('credential');
      expect(judgeName(`${word}_salt`).strength).toBe('key');
    },
  );

  it.each(
    listed(
      'password passwd passwort kennwort senha contrasena contraseña api-key pass-phrase motdepasse mot_de_passe',
    ),
  )('is that of a password for one of several: %s', (password) => {
    const several = listed(
      '2 1234 prod production dev test staging stage live qa value string text plain raw new old current',
    );
    for (const which of several) {
      expect(judgeName(`${password}_${which}`).strength, which).toBe('password');
      expect(judgeName(`my.${password.toUpperCase()}.${which}`).strength, which).toBe('password');
    }
    for (const other of ['manager', '12345', 'newer']) {
      expect(judgeName(`${password}_${other}`).strength, other).toBe('secret');
    }
  });
});
