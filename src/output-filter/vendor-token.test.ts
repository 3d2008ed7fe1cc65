import { describe, expect, it } from 'vitest';
import { findVendorToken } from './vendor-token.js';

const VENDOR = 'acme';
const TOKEN = 'k3Jx9QmZ72vLpT0aRb8WnY';

/** The token found behind a vendor's name and what stands between. */
function found(between: string, token = TOKEN): string | null {
  const text = VENDOR + between + token;
  const start = VENDOR.length + between.length;
  const span = findVendorToken(text, VENDOR.length, start, text.length);
  return span === null ? null : text.slice(span.start, span.end);
}

const listed = (words: string): readonly string[] => words.trim().split(/\s+/);

describe('the token of a vendor', () => {
  it.each([' = ', ': ', ' => ', ' || ', "', '", '", "', '` ,'])(
    'is told where it is assigned by %j',
    (between) => {
      expect(found(between)).toBe(TOKEN);
    },
  );

  it.each(listed('key token secret auth pass pwd cred bearer api login access private PAT my-pat'))(
    'is told, also a short one, where the name of a credential stands before it: %s',
    (name) => {
      expect(found(` ${name} `)).toBe(TOKEN);
      expect(found(` ${name} `, TOKEN.slice(0, 12))).toBe(TOKEN.slice(0, 12));
      expect(found(` ${name} `, TOKEN.slice(0, 11))).toBeNull();
    },
  );

  it.each([' ', ' , ', ' sends ', ' path '])(
    'is not told where nothing names or assigns it: %j',
    (between) => {
      expect(found(between)).toBeNull();
    },
  );

  it.each(listed('shared shadow shard'))(
    'is told where a word only begins as that of a digest: %s',
    (word) => {
      expect(found(` ${word} key: `)).toBe(TOKEN);
    },
  );

  it('is longer where it is only assigned', () => {
    expect(found(' = ', TOKEN.slice(0, 20))).toBe(TOKEN.slice(0, 20));
    expect(found(' = ', TOKEN.slice(0, 19))).toBeNull();
  });

  it.each(
    listed(
      'commit digest checksum hash trace span revision version image asset / @ integrity etag cursor sha sha256',
    ),
  )('is none where something else is named: %s', (word) => {
    expect(found(` token ${word} `)).toBeNull();
    expect(found(` ${word.toUpperCase()}: `)).toBeNull();
  });

  it.each(
    listed(`run build job request record issue pull merge object page file channel document message order invoice customer
      session public`),
  )('is none where the id or key of something else is named: %s', (thing) => {
    for (const name of [`${thing}_id`, `${thing} key`, `${thing}-ID`, `${thing}Id`])
      expect(found(` api ${name}: `), name).toBeNull();
    expect(found(` api a${thing}_id: `)).toBe(TOKEN);
    expect(found(` api ${thing}: `)).toBe(TOKEN);
  });

  it.each(listed('private secret access api app auth client user account key token tok live test prod'))(
    'begins behind the words of its name, in one run with it: %s',
    (word) => {
      for (const name of [`-${word}-`, `_${word.toUpperCase()}_`, `${word}-`]) {
        const text = `${VENDOR}${name}${TOKEN}`;
        const context = `${text} =`;
        const span = findVendorToken(context, VENDOR.length, 0, text.length);
        const credential = /secret|access|api|auth|key|token|private/i.test(word);
        expect(span, name).toEqual(
          credential ? { start: VENDOR.length + name.length, end: text.length } : null,
        );
      }
    },
  );
});
