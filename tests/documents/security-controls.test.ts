import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface LinkedTest {
  readonly title: string;
  readonly path: string;
}

/** The tests that the table of controls names: links to test files, each under the title of a test. */
function linkedTests(text: string): LinkedTest[] {
  return [...text.matchAll(/\[([^[\]]+)\]\(([^()]+\.test\.ts)\)/g)].map(([, title = '', path = '']) => ({
    title,
    path,
  }));
}

describe.each([
  ['SECURITY-CONTROLS.md', '.'],
  ['docs/defensive-controls.md', 'docs'],
])('%s', (document, folder) => {
  const text = readFileSync(document, 'utf8');
  const rows = text.split('\n').filter((line) => /^\| (?!Control |Invariant |---)/.test(line));

  it.each(linkedTests(text))('names the test "$title" by a title it has', ({ title, path }) => {
    const file = join(folder, path);
    expect(existsSync(file), file).toBe(true);
    expect(readFileSync(file, 'utf8').replaceAll("\\'", "'")).toContain(title);
  });

  it('shows a test for every row', () => {
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(linkedTests(row), row).not.toEqual([]);
  });
});
