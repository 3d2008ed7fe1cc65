import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

/** The instructions of a Dockerfile, with continued lines joined, by stage. */
function readStages(path: string): Map<string, Instruction[]> {
  const joined = readFileSync(path, 'utf8')
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ');
  const stages = new Map<string, Instruction[]>();
  let current: Instruction[] = [];
  for (const line of joined.split('\n').filter((text) => text.trim() !== '')) {
    const [keyword = '', ...rest] = line.trim().split(/\s+/);
    const text = rest.join(' ');
    if (keyword === 'FROM') stages.set(rest[2] ?? '', (current = []));
    current.push({ keyword, text });
  }
  return stages;
}

const stages = readStages('Dockerfile');
const runtime = stages.get('runtime') ?? [];
const last = (keyword: string): string | undefined =>
  runtime.findLast((instruction) => instruction.keyword === keyword)?.text;

describe('Dockerfile', () => {
  it('has the stages build, test and runtime, the runtime last', () => {
    expect([...stages.keys()]).toEqual(['packages', 'build', 'test', 'runtime']);
  });

  it('starts every outside base from the same Node image', () => {
    const bases = [...stages.values()].map(([from]) => from?.text.split(' ')[0]);
    const outside = bases.filter((base) => !stages.has(base ?? ''));
    expect(new Set(outside)).toEqual(new Set(['node:24-bookworm-slim']));
  });
});

describe('the runtime stage', () => {
  it('runs as a numeric user that is not root', () => {
    expect(last('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('bounds the room for new objects and for what threads allocate, whatever the memory of the container', () => {
    expect(last('ENV')?.split(/\s+/)).toEqual(
      expect.arrayContaining(['NODE_OPTIONS=--max-semi-space-size=8', 'MALLOC_ARENA_MAX=2']),
    );
  });

  it('declares only the audit log and the state as writable volumes', () => {
    expect(JSON.parse(last('VOLUME') ?? '')).toEqual(['/var/lib/acp/audit', '/var/lib/acp/state']);
  });

  it('takes the program and the production packages from the build stage, and no source or test', () => {
    const copied = runtime.filter(({ keyword }) => keyword === 'COPY').map(({ text }) => text);
    expect(copied).toEqual([
      '--from=build /app/package.json ./',
      '--from=build /app/node_modules node_modules',
      '--from=build /app/dist dist',
      'policies policies',
    ]);
    expect(
      stages.get('build')?.some(({ text }) => text.includes('npm prune --omit=dev --omit=optional')),
    ).toBe(true);
  });

  it('has no package manager', () => {
    expect(runtime.find(({ keyword }) => keyword === 'RUN')?.text).toContain(
      'rm -rf /usr/local/lib/node_modules /usr/local/bin/npm',
    );
  });

  it('is checked for health by Node itself and stopped by SIGTERM', () => {
    expect(last('HEALTHCHECK')).toContain('CMD ["node", "-e", "fetch(');
    expect(last('HEALTHCHECK')).toContain('/health');
    expect(last('STOPSIGNAL')).toBe('SIGTERM');
  });

  it('bakes no secret and no mode into its environment', () => {
    const environment = runtime.filter(({ keyword }) => keyword === 'ENV' || keyword === 'ARG');
    for (const { text } of environment) expect(text).not.toMatch(/KEY|SECRET|TOKEN|PASSWORD|ACP_ENVIRONMENT/);
  });
});

describe('.dockerignore', () => {
  const patterns = readFileSync('.dockerignore', 'utf8').split('\n');

  it.each(['.git', 'node_modules', '.env', '.env.*', 'audit_logs', 'data', '*.pem', '*.key'])(
    'keeps %s out of the image',
    (pattern) => {
      expect(patterns).toContain(pattern);
    },
  );
});
