import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/domain/event-types.js';
import { activeFile, openTestLog, readLogFile, sampleEvent } from '../helpers/audit.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const page = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');

/** Cells of the table under a heading, without its head. */
function tableUnder(heading: string): string[][] {
  const section = page.slice(page.indexOf(`\n${heading}\n`) + 1).split(/\n#{2,3} /)[0]!;
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

describe('the page about the audit log', () => {
  it('has the catalogue of events that the code has', () => {
    const documented = tableUnder('## Events').map(([name, category, severity, meaning]) => [
      name!.replaceAll('`', ''),
      { category, severity, meaning },
    ]);
    expect(Object.fromEntries(documented)).toEqual(EVENT_TYPES);
  });

  it('has the fields that a line has, in their order', async () => {
    const directory = temporaryDirectory();
    const log = await openTestLog(directory);
    await log.append(sampleEvent());
    const written = Object.keys(readLogFile(activeFile(directory)).at(-1)!);
    const documented = tableUnder('## Fields').flatMap(([names]) => names!.replaceAll('`', '').split(', '));
    expect(documented).toEqual(written);
  });

  it('has a playbook for every grave event', () => {
    const grave = Object.entries(EVENT_TYPES).filter(([, { severity }]) =>
      ['high', 'critical'].includes(severity),
    );
    for (const [name] of grave) expect(page).toContain(`### \`${name}\`\n`);
  });
});
