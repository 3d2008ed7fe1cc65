import { describe, expect, it } from 'vitest';
import { createRandom, expandExample } from '../../tests/fixtures/filter/generate.js';
import { MEDIA } from '../../tests/fixtures/filter/media.js';
import * as material from '../../tests/fixtures/filter/public-material.js';
import { INSIDE_WITHOUT_TENANT, createTestFilter, ruleIds } from '../../tests/helpers/output-filter.js';

const filter = createTestFilter();
const context = INSIDE_WITHOUT_TENANT;
const rulesOf = (text: string): string[] => ruleIds(filter.check({ text, context }));
const base64 = (body: string | Buffer): string => Buffer.from(body).toString('base64');

const SEEDS = [1, 2, 3];

describe.each(Object.entries(MEDIA))('a file (%s) in base64', (kind, make) => {
  it('passes', () => {
    for (const seed of SEEDS) expect(rulesOf(`"content": "${base64(make(createRandom(seed)))}"`)).toEqual([]);
  });

  // A drawing is text as a whole: with bytes behind it, it is none, and is examined as any text is.
  if (kind === 'svg') return;

  it('hides no private key', () => {
    for (const offset of ['', 'A', 'AB', 'ABC']) {
      const random = createRandom(4);
      const file = base64(make(random)).replaceAll('=', '');
      // The length that some formats say is that of the file without the key: those are no such file any more.
      expect(rulesOf(file + offset + base64(material.privateKey(random)))).toContain('entropy.token');
    }
  });

  it('hides no password, at whichever character of base64 it begins', () => {
    for (const offset of ['', 'A', 'AB', 'ABC']) {
      const file = base64(make(createRandom(5))).replaceAll('=', '');
      const text = base64('user=root\npassword=hunter2XYZ!\nhost=db.internal\n');
      expect(rulesOf(file + offset + text)).not.toEqual([]);
    }
  });
});

describe('the first characters of a file', () => {
  const starts =
    'Qk0 Qk1 /9j/ UEsDB UEsDBBQA R0lGOD R0lGODlh UklGR iVBORw0KGgo AAABAA d09GM d09GR PHN2Zy PD94bWwgPHN2Zy JVBERi0xL';
  it.each(starts.split(' '))('make no file of random characters or of base64: %s', (start) => {
    for (const seed of SEEDS) {
      const key = base64(material.privateKey(createRandom(seed)));
      const text = 'Minutes, strictly confidential: we buy the mill on Monday. '.repeat(3);
      expect(rulesOf(start + expandExample('<alnum:44>', seed))).not.toEqual([]);
      expect(rulesOf(start + expandExample('<base64:200>', seed))).not.toEqual([]);
      expect(rulesOf(start + key)).not.toEqual([]);
      expect(rulesOf(start + base64(text))).not.toEqual([]);
    }
  });
});
