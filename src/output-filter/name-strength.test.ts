import { describe, expect, it } from 'vitest';
import { createNameJudge, mayNamePassword, strengthOf, type NameStrength } from './name-strength.js';

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
    for (const name of names) expect(strengthOf(name), name).toBe(strength);
  });

  it('of a password is not ruled out by the text around it', () => {
    for (const name of [...NAMES.password, 'my_pass', 'contraseña']) {
      expect(strengthOf(name), name).toBe('password');
      expect(mayNamePassword(`a ${name}=b`), name).toBe(true);
    }
    expect(mayNamePassword('a token=pw')).toBe(false);
  });

  it('is remembered by the whole name', () => {
    const judge = createNameJudge();
    const names = Array.from(
      { length: 3000 },
      (_, index) => `${index % 2 === 0 ? 'token' : 'label'}_${index}`,
    );
    for (let time = 0; time < 2; time += 1) {
      for (const name of names)
        expect(judge(`x ${name} y`, 2, 2 + name.length).strength).toBe(strengthOf(name));
    }
  });
});
