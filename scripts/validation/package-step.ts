import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { runCommand } from './command.js';
import type { Step, StepOutcome } from './step.js';

/** What a user of the package cannot do without. */
const REQUIRED = [
  'package.json',
  'LICENSE',
  'README.md',
  'dist/cli/main.js',
  'policies/default.yaml',
  'policies/default.sha256',
];

/** What belongs in the package; anything else is there by mistake. */
const EXPECTED = [
  /^(?:package\.json|LICENSE|[A-Z-]+\.md|\.env\.(?:production\.)?example)$/,
  /^docs\/(?:adr\/)?[\w-]+\.md$/,
  /^dist\/[\w/-]+(?:\.d\.ts|\.js)$/,
  /^policies\/[\w/-]+\.(?:policy-test\.yaml|yaml|sha256|schema\.json|md)$/,
];

const packSchema = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]);

/** The files that a page links to, relative to it. */
function linkedFiles(markdown: string): readonly string[] {
  return [...markdown.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].flatMap(([, path]) => path ?? []);
}

/** Compares the paths in a package with what belongs there; the links of its README lead to files that are in it. */
export function checkPackedFiles(paths: readonly string[], readme: string): StepOutcome {
  const missing = [...REQUIRED, ...linkedFiles(readme)].filter((path) => !paths.includes(path));
  if (missing.length > 0) return { status: 'failed', detail: `the package lacks ${missing.join(', ')}` };
  const stray = paths.filter((path) => !EXPECTED.some((pattern) => pattern.test(path)));
  if (stray.length > 0) return { status: 'failed', detail: `the package holds ${stray.join(', ')}` };
  return { status: 'passed' };
}

/** Lists what `npm pack` would pack of the finished build, and compares it with what belongs there. */
export function createPackageStep(): Step {
  return {
    id: 'package',
    title: 'package contents',
    run: async () => {
      const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
      const { stdout, status } = await runCommand('npm', args, { capture: true });
      if (status !== 0) return { status: 'failed', detail: 'npm pack failed' };
      const [{ files }] = packSchema.parse(JSON.parse(stdout));
      return checkPackedFiles(
        files.map(({ path }) => path),
        readFileSync('README.md', 'utf8'),
      );
    },
  };
}
