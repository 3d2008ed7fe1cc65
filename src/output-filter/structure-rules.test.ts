import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benignCorpus } from '../../tests/fixtures/filter/benign.js';
import { secretCorpus } from '../../tests/fixtures/filter/secrets.js';
import { expandExample } from '../../tests/fixtures/filter/generate.js';
import { INSIDE, createTestFilter, ruleIds } from '../../tests/helpers/output-filter.js';
import type { FilterVerdict } from '../domain/filter.js';

const filter = createTestFilter();
/** With a memory of its own, so that what one misses the other does not take for harmless. */
const other = createTestFilter();
const context = INSIDE;

function check(structure: Record<string, unknown>, tenant: string | null = 'tenant-a'): FilterVerdict {
  return filter.check({
    text: '',
    structured_output: structure,
    context: { ...context, tenant_id: tenant },
  });
}

describe('fields that hold parts of one text in base64', () => {
  const text = Buffer.from(`${' '.repeat(42)}sk-aB3dE5fG7hJ9kL1mN3pQ5rS7`).toString('base64');
  const labels = ['', 'x-', 'data/', '--', 'a/b/c-'];
  const wrappings = [
    [64, '\n'],
    [64, '\r\n'],
    [60, '\n'],
    [76, '\r\n'],
  ] as const;

  it.each(wrappings)('are decoded as one where lines of %i keep their end %j', (columns, lineEnd) => {
    const [first, second] = [`${text.slice(0, columns)}${lineEnd}`, text.slice(columns)];
    expect(check({ a: first, b: second }).reason).toBe('secret_pattern_blocked');
    expect(check({ a: first, b: 'see above' }).allowed).toBe(true);
  });

  it('are decoded as one wherever they are cut, whatever stands before them', () => {
    const wrapping = fc.constantFrom(...wrappings);
    const cuts = fc.array(fc.nat(110), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...labels), wrapping, cuts, (label, [columns, lineEnd], places) => {
        const whole = `${label}${text.slice(0, columns)}${lineEnd}${text.slice(columns)}`;
        const ends = [...places.sort((a, b) => a - b), whole.length];
        const fields = ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
        expect(ruleIds(check({ list: fields }))).toContain('pattern.secret');
      }),
      { numRuns: 300 },
    );
  });

  it('are decoded together where lines are short, too', () => {
    const entry = Buffer.from('machine api.example.com\n  login ann\n  password hunter2#D').toString(
      'base64',
    );
    const given = { a: `${entry.slice(0, 48)}\n${entry.slice(48, 52)}`, b: entry.slice(52) };
    expect(ruleIds(check(given))).toContain('secret.netrc_password');
  });

  it('are decoded in another form too', () => {
    const letters = Buffer.from('the value is sk-aB3dE5fG7hJ9kL1mN3pQ5rS7 and').toString('base64');
    const disguised = letters.replaceAll(/[A-C]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
    expect(disguised).not.toBe(letters);
    const given = { a: disguised.slice(0, 25), b: disguised.slice(25) };
    expect(ruleIds(check(given))).toContain('pattern.secret');
  });

  it('are decoded however short they are together', () => {
    const token = Buffer.from(expandExample('npg_<alnum:12>', 3)).toString('base64').replaceAll('=', '');
    expect(ruleIds(check({ a: token.slice(0, 8), b: token.slice(8) }))).toEqual(['secret.neon_password']);
    const marker = Buffer.from('tenant_id=other').toString('base64');
    const given = { a: marker.slice(0, 8), b: marker.slice(8), c: ` ${'a'.repeat(28)} bbb` };
    expect(check(given).reason).toBe('cross_tenant_output_blocked');
  });
});

describe('what the check of structures remembers', () => {
  it('changes no verdict, however often and after however many other keys', () => {
    const found = { tenant_id: 'tenant-b', db_password: 'hunter2', note: 'see' };
    const passed = { tenant_id: 'tenant-a', max_tokens: 3, password_policy: 'strong', note: 'see' };
    const first = [check(found), check(passed)];
    expect(first.map(({ allowed }) => allowed)).toEqual([false, true]);
    for (let index = 0; index < 3000; index += 1) check({ [`key_${index}`]: `token ${index}` });
    expect([check(found), check(passed)]).toEqual(first);
  });

  it('forgets nothing of what a set of keys says together', () => {
    const marked = { 'tenant_id: tenant-b': 1 };
    expect(check(marked, 'tenant-b').allowed).toBe(true);
    expect(check(marked, 'tenant-a').reason).toBe('cross_tenant_output_blocked');
    expect(check(marked, null).allowed).toBe(true);
    expect(check(marked, 'tenant-a').reason).toBe('cross_tenant_output_blocked');
  });
});

describe('a structure of more keys than are read at once', () => {
  const others = (first: number, count: number): Record<string, unknown> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`field_${first + index}`, 'abcd']));

  it.each([0, 1023, 1024, 1025, 2047, 2048, 5000])(
    'is judged alike with a credential behind %i others',
    (count) => {
      const given = { ...others(0, count), db_pass: 'hunter2', ...others(count, 2100) };
      expect(check(given).findings).toMatchObject([{ rule_id: 'secret.generic_assignment', occurrences: 1 }]);
      expect(check({ ...given, db_pass: 'none' }).findings).toEqual([]);
    },
  );

  it('has its lists examined, before, between and behind them', () => {
    const given = {
      first: { ...others(0, 1500) },
      list: ['tenant_id=tenant-b', 'abcd'],
      second: { ...others(1500, 1500), db_pass: 'hunter2' },
      third: { ...others(3000, 1500), last: ['api_key=x1'] },
    };
    expect(ruleIds(check(given)).sort()).toEqual([
      'pattern.secret',
      'secret.generic_assignment',
      'tenant.marker_mismatch',
    ]);
  });

  it('has the keys examined that no string stands under, wherever they are', () => {
    const given = { 'tenant_id: tenant-b': 1, ...others(0, 1500) };
    expect(ruleIds(check(given))).toEqual(['tenant.marker_mismatch']);
    expect(ruleIds(check({ ...others(0, 1500), 'tenant_id: tenant-b': 1 }))).toEqual([
      'tenant.marker_mismatch',
    ]);
  });

  it('may have no key at all', () => {
    // A tool may answer with a list, which the types of the filter do not know of.
    const list = ['api_key=x1'] as unknown as Record<string, unknown>;
    expect(check(list).reason).toBe('secret_pattern_blocked');
  });

  it('tells of its keys before its strings', () => {
    const { findings } = check({ db_pass: 'hunter2', ...others(0, 1500), Password: 'x' });
    expect(findings.map(({ rule_id: id }) => id)).toEqual([
      'schema.sensitive_key',
      'secret.generic_assignment',
    ]);
  });
});

describe('a JSON Web Key in a structure', () => {
  const number = (length: number, seed: number): string => expandExample(`<base64url:${length}>`, seed);
  const point = { crv: 'P-256', x: number(43, 1), y: number(43, 2) };

  it.each([
    ['of a curve', { kty: 'EC', ...point }],
    ['with its type behind', { ...point, kty: 'EC' }],
    ['of RSA', { kty: 'RSA', n: number(342, 3), e: 'AQAB' }],
  ])('passes where it is public: %s', (_, key) => {
    expect(check({ keys: [{ kid: 'a', use: 'sig' }, key] }).findings).toEqual([]);
  });

  it.each([
    ['with its private number', { kty: 'EC', ...point, d: number(43, 4) }],
    ['of another type', { kty: 'oct', x: number(43, 5) }],
    ['of no type', { kid: 'a', x: number(43, 6) }],
    ['beside the type of another object', { kid: 'a', ...point, other: { kty: 'EC', kid: 'b' } }],
    ['with a number of another length', { kty: 'RSA', n: number(300, 7) }],
  ])('is found where it is not: %s', (_, key) => {
    expect(check({ keys: [{ kid: 'a', use: 'sig' }, key] }).allowed).toBe(false);
  });
});

describe('the strings of a structure', () => {
  const corpus = [...secretCorpus(31), ...benignCorpus(31)].map(({ text }) => text);
  const fragment = fc.oneof(
    fc
      .record({
        text: fc.constantFrom(...corpus),
        from: fc.nat(300),
        length: fc.integer({ min: 1, max: 90 }),
      })
      .map(({ text, from, length }) => text.slice(from % text.length, (from % text.length) + length)),
    fc.constantFrom(
      'password=',
      'api_key',
      ': "',
      "'",
      '%41',
      '%2541',
      '\\u0041',
      '&#65;',
      '\u200b',
      '\u0435',
      'é',
      '\u0000',
    ),
    fc.constantFrom('tenant_id=tenant-b ', 'hunter2trustno1', '\n', ' ', '-----BEGIN EC PRIVATE KEY-----'),
  );
  const disguises = [
    (text: string) => text,
    (text: string) => Buffer.from(text).toString('base64'),
    (text: string) => encodeURIComponent(text.toWellFormed()),
    (text: string) => Array.from(text).join('\u200b'),
  ];
  const string = fc
    .tuple(fc.array(fragment, { minLength: 1, maxLength: 4 }), fc.constantFrom(...disguises))
    .map(([fragments, disguise]) => disguise(fragments.join('')));

  /** How often each rule matched. */
  function countsOf(verdicts: readonly FilterVerdict[]): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { rule_id: rule, occurrences } of verdicts.flatMap(({ findings }) => findings)) {
      counts.set(rule, (counts.get(rule) ?? 0) + occurrences);
    }
    return counts;
  }

  it('are judged as each is as a text', () => {
    let blocked = 0;
    fc.assert(
      fc.property(fc.array(string, { maxLength: 6 }), (strings) => {
        const together = check({ list: strings.map((text) => [text]) });
        if (!together.allowed) blocked += 1;
        const apart = strings.map((text) => other.check({ text, context }));
        expect(countsOf([together])).toEqual(countsOf(apart));
      }),
      { numRuns: 600 },
    );
    expect(blocked).toBeGreaterThan(100);
  });

  it('are judged under a name as what the name is given', () => {
    let blocked = 0;
    const name = fc.constantFrom(
      'note',
      'db_password',
      'sentry_token',
      'session_key',
      'x_tenant',
      'max_tokens',
      'id',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, string), { maxLength: 5 }), (fields) => {
        const together = check({ list: fields.map(([key, value]) => ({ [key]: value })) });
        if (!together.allowed) blocked += 1;
        const apart = fields.map(([key, value]) => other.check({ text: `${key}: "${value}"`, context }));
        expect(countsOf([together])).toEqual(countsOf(apart));
      }),
      { numRuns: 600 },
    );
    expect(blocked).toBeGreaterThan(100);
  });
});

describe('a secret in a key', () => {
  const secret = expandExample('sk-<alnum:12>-<alnum:12>');

  it.each(['abcd', 1, true, { a: 'b' }, ['c']])('counts once, whatever stands under it: %j', (value) => {
    for (const key of [secret, `see ${secret}`, `%73${secret.slice(1)}`, `"${secret}`]) {
      const found = check({ [key]: value }).findings.find(({ rule_id: id }) => id === 'pattern.secret');
      expect(found?.occurrences, key).toBe(1);
    }
  });

  it.each([
    ["user's password is", 'hunter2x9'],
    ["service's bearer is", 'a08ff49b6f772632716c43069c43a8c3'],
    ["user's curl", '-u admin:hunter2! https://host'],
    ['<add key="ClearTextPassword" value', 'hunter2!" />'],
    ["password = '", 'hunter2xk9'],
  ])('%j names the string under it as without its quotation mark', (key, value) => {
    expect(check({ [key]: value }).allowed).toBe(false);
  });

  it('is found though the string under it is judged by itself', () => {
    expect(check({ 'tenant_id: tenant-b my tenant_id': 'tenant-a' }).reason).toBe(
      'cross_tenant_output_blocked',
    );
  });

  it('is found though it stands in a quotation mark that ends in the string under it', () => {
    for (const key of ['pwd": "hunter2', 'pwd&quot;: &quot;hunter2', 'pwd%2522: %2522hunter2']) {
      expect(check({ [key]: 'a b' }).allowed, key).toBe(false);
    }
    expect(check({ '"db_pass"': 'hunter2' }).allowed).toBe(false);
  });
});

describe('a key in disguise', () => {
  it.each([
    ['db_pass%77ord', 'x1', 'a password'],
    ['db%255Fpwd', 'x1', 'a password, disguised twice'],
    ['client_s\u0435cret', 'hunt3r', 'a secret'],
    ['my%5Ftoken', 'aB3dE6gH9jKlM', 'a token'],
    ['\\u0061pi_key\\', 'x1', 'a key by its name, with a backslash behind it'],
    ['pass\u200bword', 'a word', 'a listed name'],
  ])('names what stands under it: %j, %j: %s', (key, value) => {
    expect(check({ [key]: value }).allowed).toBe(false);
    expect(check({ first: 'a', '%41': 'b', [key]: value, last: 'c' }).allowed).toBe(false);
  });

  it.each([
    ['%41key', 'abcd'],
    ['%2541token', 'abcd'],
    ['\u0435key', '1234'],
    ['my%5Fsecret', 'a1b2'],
  ])('passes over a value that is too short to be one: %j, %j', (key, value) => {
    expect(check({ [key]: value, b: 'c' }).findings).toEqual([]);
  });
});
