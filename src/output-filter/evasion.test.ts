import { describe, expect, it } from 'vitest';
import { expandExample } from '../../tests/fixtures/filter/generate.js';
import { INSIDE_WITHOUT_TENANT, createTestFilter } from '../../tests/helpers/output-filter.js';

const filter = createTestFilter();
const context = INSIDE_WITHOUT_TENANT;

const KINDS: readonly (readonly [ruleId: string, example: string])[] = [
  ['pattern.secret', 'sk-<alnum:32>'],
  ['secret.github_pat', 'ghp_<alnum:36>'],
  ['secret.aws_access_key_id', 'AKIA<base32:16>'],
  ['secret.slack_bot_token', 'xoxb-<digits:12>-<digits:12>-<alnum:24>'],
  ['secret.stripe_key', 'sk_live_<alnum:24>'],
  ['secret.google_api_key', 'AIza<alnum:35>'],
  ['secret.npm_token', 'npm_<alnum:36>'],
  ['secret.gitlab_pat', 'glpat-<alnum:20>'],
  ['secret.sendgrid_key', 'SG.<alnum:22>.<alnum:43>'],
  ['secret.huggingface_token', 'hf_<letters:34>'],
  ['secret.vault_token', 'hvs.<alnum:90>'],
  ['pattern.jwt', 'eyJ<alnum:20>.eyJ<alnum:30>.<alnum:40>'],
];

const bytesOf = (text: string): string[] =>
  [...Buffer.from(text, 'latin1')].map((byte) => byte.toString(16).padStart(2, '0'));
const each = (text: string, disguise: (character: string) => string): string =>
  Array.from(text, disguise).join('');
const HOMOGLYPHS: Readonly<Record<string, string>> = {
  a: 'а',
  e: 'е',
  o: 'о',
  p: 'р',
  c: 'с',
  x: 'х',
  y: 'у',
  s: 'ѕ',
  i: 'і',
  A: 'А',
  K: 'К',
};

const fullWidth = (secret: string): string =>
  each(secret, (c) => (c > ' ' && c <= '~' ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c));
const zeroWidth = (secret: string): string => Array.from(secret).join('\u200b');
const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const escaped = (text: string, backslashes: string): string =>
  each(text, (c) => `${backslashes}u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const EVASIONS: readonly (readonly [name: string, disguise: (secret: string) => string])[] = [
  ['full-width forms', (secret) => each(secret, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))],
  ['zero-width spaces', (secret) => Array.from(secret).join('\u200b')],
  ['soft hyphens', (secret) => Array.from(secret).join('\u00ad')],
  ['bidirectional controls', (secret) => `\u202e${Array.from(secret).join('\u2066')}\u202c`],
  ['variation selectors', (secret) => Array.from(secret).join('\ufe0f')],
  ['tag characters', (secret) => Array.from(secret).join('\u{e0041}')],
  ['NUL characters', (secret) => Array.from(secret).join('\u0000')],
  ['combining marks', (secret) => Array.from(secret).join('\u0332')],
  ['Cyrillic look-alikes', (secret) => each(secret, (c) => HOMOGLYPHS[c] ?? c)],
  [
    'mathematical letters',
    (secret) =>
      each(secret, (c) => (/[a-z]/.test(c) ? String.fromCodePoint(0x1d5ba + c.charCodeAt(0) - 97) : c)),
  ],
  ['base64', (secret) => Buffer.from(`the value: ${secret} and more`).toString('base64')],
  ['base64url', (secret) => Buffer.from(`the value> ${secret} ?? more`).toString('base64url')],
  ['base64 of UTF-16', (secret) => Buffer.from(`value ${secret}`, 'utf16le').toString('base64')],
  [
    'base64 behind a label',
    (secret) => `blob-${Buffer.from(`the value: ${secret} and more`).toString('base64')}`,
  ],
  [
    'base64 twice',
    (secret) => Buffer.from(Buffer.from(`the value: ${secret}`).toString('base64')).toString('base64'),
  ],
  ['hexadecimal', (secret) => bytesOf(`the value: ${secret}`).join('')],
  ['hexadecimal behind 0x', (secret) => `0x${bytesOf(`the value: ${secret}`).join('')}`],
  ['hexadecimal behind letters', (secret) => `keyx${bytesOf(`the value: ${secret}`).join('')}`],
  ['hexadecimal behind a letter that is a digit', (secret) => `keya${bytesOf(`value: ${secret}`).join('')}`],
  ['hexadecimal before letters', (secret) => `${bytesOf(`the value: ${secret}`).join('')}xyz`],
  [
    'base64 wrapped at 76 columns',
    (secret) =>
      (
        Buffer.from(`${'many words and '.repeat(3)} ${secret} and more and more words`)
          .toString('base64')
          .match(/.{1,76}/g) ?? []
      ).join('\r\n'),
  ],
  ['base64 of hexadecimal', (secret) => Buffer.from(bytesOf(`value ${secret}`).join('')).toString('base64')],
  [
    'percent-encoding',
    (secret) =>
      `?q=${bytesOf(secret)
        .map((byte) => `%${byte}`)
        .join('')}`,
  ],
  [
    'percent-encoding twice',
    (secret) =>
      bytesOf(secret)
        .map((byte) => `%25${byte}`)
        .join(''),
  ],
  [
    'backslash u escapes',
    (secret) =>
      bytesOf(secret)
        .map((byte) => `\\u00${byte}`)
        .join(''),
  ],
  [
    'backslash x escapes',
    (secret) =>
      bytesOf(secret)
        .map((byte) => `\\x${byte}`)
        .join(''),
  ],
  ['decimal character references', (secret) => each(secret, (c) => `&#${c.charCodeAt(0)};`)],
  ['base64 of full-width forms', (secret) => Buffer.from(fullWidth(secret)).toString('base64')],
  [
    'base64 of zero-width spaces',
    (secret) => Buffer.from(`value ${zeroWidth(secret)}`).toString('base64url'),
  ],
  [
    'base64 of one zero-width space in much text',
    (secret) =>
      Buffer.from(`${'many words '.repeat(20)}${secret.slice(0, 9)}\u200b${secret.slice(9)} end`).toString(
        'base64',
      ),
  ],
  [
    'base64 of full-width forms, twice',
    (secret) => Buffer.from(Buffer.from(fullWidth(secret)).toString('base64')).toString('base64'),
  ],
  ['hexadecimal of full-width forms', (secret) => Buffer.from(fullWidth(secret)).toString('hex')],
  ['hexadecimal of zero-width spaces', (secret) => Buffer.from(zeroWidth(secret)).toString('hex')],
  ['percent-encoding of full-width forms', (secret) => percent(fullWidth(secret))],
  ['percent-encoding of zero-width spaces', (secret) => percent(zeroWidth(secret))],
  ['percent-encoding of Cyrillic look-alikes', (secret) => percent(each(secret, (c) => HOMOGLYPHS[c] ?? c))],
  ['backslash u escapes of full-width forms', (secret) => escaped(fullWidth(secret), '\\')],
  ['backslash u escapes in JSON in JSON', (secret) => escaped(secret, '\\\\')],
  ['backslash u escapes in JSON in JSON in JSON', (secret) => escaped(secret, '\\\\\\\\')],
  ['octal escapes', (secret) => each(secret, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)],
  ['tags that spell it', (secret) => each(secret, (c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0)))],
  [
    'tags among other letters',
    (secret) => each(secret, (c) => `o${String.fromCodePoint(0xe0000 + c.charCodeAt(0))}`).slice(1),
  ],
  [
    'variation selectors that carry its bytes',
    (secret) => each(secret, (c) => String.fromCodePoint(0xe0100 + c.charCodeAt(0) - 16)),
  ],
  [
    'hexadecimal character references',
    (secret) => each(secret, (c) => `&#x${c.charCodeAt(0).toString(16)};`),
  ],
];

describe.each(EVASIONS)('a secret hidden by %s', (_, disguise) => {
  it.each(KINDS)('is found by %s', (ruleId, example) => {
    const secret = expandExample(example, 5);
    const text = `before ${disguise(secret)} after`;
    const verdict = filter.check({ text, context });
    const finding = verdict.findings.find((candidate) => candidate.rule_id === ruleId);
    expect(finding, text).toBeDefined();
    // The span is that of the disguised form in the given text.
    expect(finding!.start).toBeGreaterThanOrEqual(7);
    expect(finding!.end).toBeLessThanOrEqual(text.length - 6);
    expect(verdict.redacted_text).toMatch(/^before .*\[REDACTED:.* after$/s);
    expect(filter.redact(text)).not.toContain(disguise(secret));
  });
});

const SPLIT_DISGUISES: readonly (readonly [name: string, disguise: (secret: string) => string])[] = [
  ['zero-width spaces', zeroWidth],
  ['full-width forms', fullWidth],
  ['base64', (secret) => Buffer.from(`the value: ${secret} and more`).toString('base64')],
  ['hexadecimal', (secret) => Buffer.from(`value: ${secret}`).toString('hex')],
  ['percent-encoding', percent],
];

describe('a password in base64 before one in hexadecimal, in one run', () => {
  const encoded = Buffer.from('password=abc').toString('base64url');
  const hexadecimal = Buffer.from('password=qwertz99').toString('hex');

  it('is redacted with it, and both count', () => {
    const text = `see ${encoded}-${hexadecimal} end`;
    const verdict = filter.check({ text, context });
    expect(verdict.redacted_text).toBe('see [REDACTED:pattern.secret]-[REDACTED:pattern.secret] end');
    expect(filter.redact(text)).toBe(verdict.redacted_text);
    expect(verdict.findings[0]).toMatchObject({ rule_id: 'pattern.secret', start: 4, occurrences: 2 });
  });
});

describe.each(SPLIT_DISGUISES)('a secret hidden by %s and split over two fields', (_, disguise) => {
  it.each(KINDS)('is found by %s', (ruleId, example) => {
    const hidden = disguise(expandExample(example, 7));
    const half = Math.ceil(hidden.length / 2);
    const verdict = filter.check({
      text: '',
      structured_output: { a: 'note: ', b: hidden.slice(0, half), c: hidden.slice(half) },
      context,
    });
    expect(verdict.findings.map((finding) => finding.rule_id)).toContain(ruleId);
  });
});

describe('a secret split over the fields of one object', () => {
  it.each(KINDS)('is found by %s', (ruleId, example) => {
    const secret = expandExample(example, 6);
    const third = Math.ceil(secret.length / 3);
    const parts = {
      a: 'note: ',
      b: secret.slice(0, third),
      c: secret.slice(third, 2 * third),
      d: secret.slice(2 * third),
      e: 'end',
    };
    const verdict = filter.check({ text: '', structured_output: { list: [parts] }, context });
    expect(verdict.findings.map((finding) => finding.rule_id)).toContain(ruleId);
  });
});

describe('base64 of text that does not begin as such', () => {
  it.each([
    ['three bytes that are none', '\u0001\u0002\u0003abc sk-aB3dE5fG7hJ9kL1mN3pQ5rS7'],
    ['a character that the first six bytes cut', 'abcd\u20ac sk-aB3dE5fG7hJ9kL1mN3pQ5rS7'],
  ])('is read behind %s', (_, text) => {
    const verdict = filter.check({ text: Buffer.from(text).toString('base64'), context });
    expect(verdict.findings.map((finding) => finding.rule_id)).toContain('pattern.secret');
  });
});

describe('a short text in disguise', () => {
  it.each([
    ['%255Fpass=a1b2', 'a password of few characters'],
    ['a\u200bpwd=x1%7A', 'a password between disguises'],
    ['&#65;api_key=1a', 'a key by its name'],
    ['db%255Fsecret=q7x9Zb', 'the shortest secret'],
    ['%2574oken=%2541b3dE6gH9jKl', 'a token of a name in disguise'],
  ])('is found out: %j, %s', (text) => {
    expect(filter.check({ text, context }).reason).toBe('secret_pattern_blocked');
  });

  it.each(['%2541key=00000', '%41secret=1b3d5', 'a\u200btoken=1a', '%41key', 'key%3D%2531'])(
    'passes where it holds none: %j',
    (text) => {
      expect(filter.check({ text, context }).findings).toEqual([]);
    },
  );
});
