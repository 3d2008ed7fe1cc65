import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = '.github/workflows';

const permissionsSchema = z.partialRecord(
  z.enum(['contents', 'packages', 'id-token', 'attestations', 'security-events']),
  z.enum(['read', 'write']),
);
const stepSchema = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const jobSchema = z.strictObject({
  name: z.string(),
  if: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  'runs-on': z.literal('ubuntu-24.04'),
  'timeout-minutes': z.int().max(30),
  permissions: permissionsSchema.optional(),
  strategy: z.looseObject({}).optional(),
  outputs: z.record(z.string(), z.string()).optional(),
  steps: z.array(stepSchema),
});
const workflowSchema = z.strictObject({
  name: z.string(),
  on: z.strictObject({
    push: z.unknown().optional(),
    pull_request: z.unknown().optional(),
    schedule: z.unknown().optional(),
  }),
  permissions: permissionsSchema,
  concurrency: z.unknown().optional(),
  jobs: z.record(z.string(), jobSchema),
});

const workflows = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
  return { file, text, workflow: workflowSchema.parse(parse(text)) };
});

describe.each(workflows)('$file', ({ text, workflow }) => {
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  it('names every action by the digest of a commit, with its release beside it', () => {
    const lines = text.split('\n').filter((line) => /^\s*(?:- )?uses:/.test(line));
    expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    for (const line of lines) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('may only read, unless a job says what it must write', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  it('leaves no credential in the checkout', () => {
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@') === true)) {
      expect(step.with?.['persist-credentials']).toBe(false);
    }
  });

  it('writes nothing from outside into a shell', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  it('either runs a command or uses an action in each step', () => {
    for (const { uses, run } of steps) expect((uses === undefined) !== (run === undefined)).toBe(true);
  });

  it('runs only scripts and make targets that exist', () => {
    const makefile = readFileSync('Makefile', 'utf8');
    const scripts = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8'))).scripts;
    for (const { run = '' } of steps) {
      for (const [, target = ''] of run.matchAll(/\bmake ([a-z-]+)/g))
        expect(makefile).toContain(`\n${target}:`);
      for (const [, script = ''] of run.matchAll(/\bnpm run ([a-z:-]+)/g))
        expect(scripts).toHaveProperty([script]);
      for (const [, path = ''] of run.matchAll(/(?:^|\s)((?:\.ci|scripts)\/[\w.-]+)/gm)) {
        expect(existsSync(path), path).toBe(true);
      }
    }
  });
});

describe('the workflows', () => {
  it('use one commit of each action everywhere', () => {
    const commits = new Map<string, Set<string>>();
    for (const { text } of workflows) {
      for (const [, path = '', commit = ''] of text.matchAll(/uses: ([^\s@]+)@([0-9a-f]{40})/g)) {
        const action = path.split('/', 2).join('/');
        commits.set(action, (commits.get(action) ?? new Set()).add(commit));
      }
    }
    for (const [action, used] of commits) expect([...used], action).toHaveLength(1);
  });

  it('write packages, attestations and releases on tags only', () => {
    for (const { file, text } of workflows) {
      const isWriting = /^ +(?:contents|packages|attestations|id-token): write$/m.test(text);
      expect(isWriting, file).toBe(file === 'release.yml');
    }
    expect(workflows.find(({ file }) => file === 'release.yml')?.workflow.on).toEqual({
      push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] },
    });
  });
});

describe('dependabot.yml', () => {
  it('watches packages, actions and the image', () => {
    const config = z
      .object({ updates: z.array(z.object({ 'package-ecosystem': z.string() })) })
      .parse(parse(readFileSync('.github/dependabot.yml', 'utf8')));
    expect(config.updates.map((update) => update['package-ecosystem'])).toEqual([
      'npm',
      'github-actions',
      'docker',
    ]);
  });
});
