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
});
