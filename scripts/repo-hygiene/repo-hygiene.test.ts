import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findArtefacts } from './artefacts.js';
import { findUnwantedContents } from './contents.js';
import { findStaleFigures } from './figures.js';
import { findBrokenLinks } from './links.js';
import { listFiles } from './list-files.js';
import type { Repository } from './violation.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'repo-hygiene-'));
  execFileSync('git', ['init', '-q', root]);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, content: string | Buffer = 'text\n'): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const repository = (): Repository => ({ root, files: listFiles(root) });

describe('listFiles', () => {
  it('lists what git tracks or would add, and neither what it ignores nor what was deleted', () => {
    write('.gitignore', '*.log\n');
    write('src/a.ts');
    write('run.log');
    write('gone.ts');
    execFileSync('git', ['-C', root, 'add', '.']);
    rmSync(join(root, 'gone.ts'));
    write('new.ts');
    expect(listFiles(root)).toEqual(['.gitignore', 'new.ts', 'src/a.ts']);
  });

  it('skips installed packages and build output, even where git would add them', () => {
    for (const folder of ['node_modules', 'dist', 'coverage', 'audit_logs', 'data', '.cache']) {
      write(`${folder}/chat-logs/a.md`);
      write(`packages/x/${folder}/a.md`);
    }
    write('kept.md');
    expect(listFiles(root)).toEqual(['kept.md']);
  });

  it('lists every file of a folder that is no checkout', () => {
    rmSync(join(root, '.git'), { recursive: true });
    write('a/b.ts');
    write('node_modules/c.js');
    expect(listFiles(root)).toEqual(['a/b.ts']);
  });
});

describe('findArtefacts', () => {
  it.each([
    'AGENTS.md',
    'PROJECT_DOCTRINE.md',
    '.cursor/rules.md',
    'docs/master-prompts/a.md',
    'prompts/a.txt',
    'docs/prompt-artifacts/a.md',
    'chat-logs/a.md',
    'cursor-transcripts/a.md',
    'conversation-exports/a.json',
    'docs/agent-reports/a.md',
    'scratchpads/a.md',
    'validation-notes/a.md',
    'docs/ai-notes/a.md',
    'docs/Chat-Logs-2/a.md',
    'x.CURSOR/a',
    'docs/old-cycle-report-3.txt',
    'docs/task.Prompt.md',
    'docs/all.prompts.MD',
    'docs/monday.chat.md',
    'docs/monday.transcript.md',
    'docs/CURSOR_PROJECT_DOCTRINE.txt',
    'docs/Master-Prompt.txt',
    'docs/ChatGPT-export.txt',
  ])('finds %s', (path) => {
    write(path);
    expect(findArtefacts(repository()).map((violation) => violation.path)).toEqual([path]);
  });

  it.each([
    'docs/AGENTS.md',
    'src/prompt/assemble.ts',
    'docs/prompts.md',
    'docs/chat.md',
    'src/Prompts/a.ts',
  ])('leaves %s alone', (path) => {
    write(path);
    expect(findArtefacts(repository())).toEqual([]);
  });
});

describe('findUnwantedContents', () => {
  it('finds a file of more than one megabyte, and none of exactly one', () => {
    write('large.txt', 'a'.repeat(1024 * 1024 + 1));
    write('fits.txt', 'a'.repeat(1024 * 1024));
    expect(findUnwantedContents(repository())).toEqual([
      { path: 'large.txt', message: 'is 1048577 bytes, more than 1048576' },
    ]);
  });

  it('finds a binary, and expects pictures under docs/assets only', () => {
    const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]);
    write('docs/assets/logo.png', picture);
    write('docs/logo.png', picture);
    write('src/native.node', picture);
    write('docs/ünïcode.md', 'naïve\n');
    expect(findUnwantedContents(repository()).map(({ path }) => path)).toEqual([
      'docs/logo.png',
      'src/native.node',
    ]);
  });
});

describe('findBrokenLinks', () => {
  it.each([
    ['a missing file', '[x](missing.md)'],
    ['a missing picture', '![x](assets/missing.png "title")'],
    ['a missing heading of another file', '[x](other.md#no-such-heading)'],
    ['a missing heading of its own', '[x](#nowhere)'],
    ['a reference to a missing file', '[x]: missing.md'],
    ['an HTML picture that is missing', '<img src="missing.svg" alt="">'],
    ['a path out of the repository', '[x](../../outside.md)'],
    ['a missing file named from the root', '[x](/docs/missing.md)'],
  ])('finds %s', (_case, markdown) => {
    write('docs/other.md', '# Other\n');
    write('docs/page.md', `# Page\n\n${markdown}\n`);
    const violations = findBrokenLinks(repository());
    expect(violations).toHaveLength(1);
    expect(violations[0]?.path).toBe('docs/page.md');
    expect(violations[0]?.message).toMatch(/^line 3: link /);
  });

  it('accepts files, folders, headings, ids and what is elsewhere', () => {
    write('docs/other.md', '# Two  words, and `code`!\n\n## Same\n\n## Same\n\n<a id="here"></a>\n');
    write('docs/a b.md');
    write(
      'docs/page.md',
      [
        '# Page',
        '[file](other.md) [heading](other.md#two--words-and-code) [second](other.md#same-1) [id](other.md#here)',
        '[own](#page) [folder](../docs) [root](/docs/other.md) [space](a%20b.md)',
        '[web](https://example.com/x.md) [mail](mailto:a@example.com) [other](//example.com)',
      ].join('\n'),
    );
    expect(findBrokenLinks(repository())).toEqual([]);
  });

  it('does not read links inside code', () => {
    write('page.md', 'A `[x](missing.md)` and\n\n```md\n[x](missing.md)\n# no heading\n```\n');
    expect(findBrokenLinks(repository())).toEqual([]);
  });
});

describe('findStaleFigures', () => {
  const figure = (name: string, value: string): string =>
    `There are <!-- figure:${name} -->${value}<!-- /figure --> of them.\n`;

  it('finds a figure that the tools do not report', () => {
    write('README.md', figure('reasons', '86') + figure('tests', '1,233'));
    expect(findStaleFigures(repository(), { reasons: 87, tests: 1234 })).toEqual([
      { path: 'README.md', message: 'figure reasons is 86, but the tools report 87' },
      { path: 'README.md', message: 'figure tests is 1,233, but the tools report 1234' },
    ]);
  });

  it('finds a figure that no tool knows, and one that is no number', () => {
    write('README.md', figure('stars', '5') + figure('reasons', 'many'));
    expect(findStaleFigures(repository(), { reasons: 87 }).map(({ message }) => message)).toEqual([
      'no tool reports the figure stars',
      'figure reasons is many, but the tools report 87',
    ]);
  });

  it('accepts equal figures, and leaves alone what was not counted this time', () => {
    write('README.md', figure('reasons', '87') + figure('tests', '1,234'));
    expect(findStaleFigures(repository(), { reasons: 87, tests: null })).toEqual([]);
  });
});

describe('validate-repo', () => {
  const run = (): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/validate-repo.ts', '--root', root], {
      encoding: 'utf8',
    });

  it('exits 0 on a clean repository and 1 with every violation named on another', () => {
    write('README.md', '# Clean\n');
    expect(run().status).toBe(0);
    write('AGENTS.md', '[x](missing.md)\n');
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toContain('AGENTS.md: looks like a working artefact');
    expect(stderr).toContain('AGENTS.md: line 1: link to a file that does not exist: missing.md');
  });
});
