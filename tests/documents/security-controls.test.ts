import { existsSync, readFileSync } from 'node:fs';
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

describe('SECURITY-CONTROLS.md', () => {
  const text = readFileSync('SECURITY-CONTROLS.md', 'utf8');
  const rows = text.split('\n').filter((line) => /^\| (?!Control |---)/.test(line));

  it.each(linkedTests(text))('names the test "$title" by a title it has', ({ title, path }) => {
    expect(existsSync(path), path).toBe(true);
    expect(readFileSync(path, 'utf8').replaceAll("\\'", "'")).toContain(title);
  });

  it('shows a test for every control', () => {
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(linkedTests(row), row).not.toEqual([]);
  });
});
