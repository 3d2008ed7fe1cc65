import { describe, expect, it } from 'vitest';
import { expandExample } from '../../../tests/fixtures/filter/generate.js';
import type { Detector } from '../detector.js';
import { createFoldTable } from '../homoglyphs.js';
import { createNormaliser } from '../normalise.js';
import { createScanner } from '../scanner.js';
import { piiDetectors, standardDetectors } from './all.js';

const foldTable = createFoldTable();
const normalise = createNormaliser(foldTable);

function findsAny(detector: Detector, text: string): boolean {
  const scan = createScanner({
    detectors: [detector],
    foldTable,
    credentialWords: [],
    vendorNames: [],
  });
  let found = false;
  for (const form of [text, normalise(text)?.text ?? '']) {
    scan({ text: form }, () => {
      found = true;
    });
  }
  return found;
}

const SEEDS = [1, 2, 3];

/** Where an example may stand. */
const SURROUNDINGS: readonly (readonly [string, (secret: string) => string])[] = [
  ['alone', (secret) => secret],
  ['in a sentence', (secret) => `the value is ${secret} and no other.`],
  ['in JSON', (secret) => JSON.stringify({ value: secret })],
  ['in YAML', (secret) => `value: '${secret}'\nnext: 1`],
  ['in shell', (secret) => `export VALUE="${secret}"; run`],
  ['in Markdown', (secret) => `use \`${secret}\` here`],
  ['between CRLF', (secret) => `before\r\n${secret}\r\nafter`],
];

describe.each([...standardDetectors, ...piiDetectors].map((detector) => [detector.id, detector] as const))(
  'detector %s',
  (_, detector) => {
    it.each(detector.examples.found)('finds %s wherever it stands', (example) => {
      for (const seed of SEEDS) {
        const secret = expandExample(example, seed);
        for (const [place, surround] of SURROUNDINGS) {
          expect({ place, secret, found: findsAny(detector, surround(secret)) }).toEqual({
            place,
            secret,
            found: true,
          });
        }
      }
    });

    it.each(detector.examples.passed)('passes %s', (example) => {
      for (const seed of SEEDS) expect(findsAny(detector, expandExample(example, seed))).toBe(false);
    });

    it('begins its secret with its prefix and matches only where it is tried', () => {
      expect(detector.pattern.sticky).toBe(true);
      expect(detector.examples.found.length).toBeGreaterThan(0);
      expect(detector.examples.passed.length).toBeGreaterThan(0);
    });
  },
);

describe('the standard detectors', () => {
  it.each([
    ['secret.url_password', `://${'u'.repeat(128)}:<alnum:256>@host`],
    ['secret.url_user_token', '://<alnum:256>:x-oauth-basic@host'],
    ['secret.command_line_login', `curl --user= "${'u'.repeat(128)}:<alnum:12>`],
    ['secret.sentry_dsn', '://<hex:32>:<hex:32>@host/1'],
    ['secret.mailgun_hashed_key', '<hex:32>-<hex:8>-<hex:8>'],
    ['secret.mailchimp_key', '<hex:32>-us1'],
    ['secret.maxmind_key', '<alnum:6>_<alnum:29>_mmk'],
    ['secret.ngrok_key', '2<alnum:26>_5<alnum:20>'],
    ['secret.discord_bot_token', 'M<alnum:27>.<alnum:6>.<alnum:27>'],
  ])('find %s with the character that it needs as far away as it may be', (id, example) => {
    const detector = standardDetectors.find((one) => one.id === id);
    if (detector?.needs === undefined) throw new TypeError(`${id} needs no character`);
    expect(findsAny(detector, expandExample(example, 1))).toBe(true);
  });

  it('have unique ids', () => {
    const ids = standardDetectors.map((detector) => detector.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
