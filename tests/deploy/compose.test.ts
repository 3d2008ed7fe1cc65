import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      user: z.string(),
      read_only: z.boolean(),
      cap_drop: z.array(z.string()),
      security_opt: z.array(z.string()),
      mem_limit: z.string(),
      pids_limit: z.int(),
      image: z.string(),
      ports: z.array(z.string()).default([]),
      volumes: z.array(z.string()).default([]),
      tmpfs: z.array(z.string()).default([]),
      environment: z.record(z.string(), z.string()).default({}),
      networks: z.array(z.string()).default([]),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
      healthcheck: z.object({ test: z.array(z.string()) }).optional(),
      env_file: z.string().optional(),
      privileged: z.never().optional(),
      cap_add: z.never().optional(),
      pid: z.never().optional(),
      ipc: z.never().optional(),
    }),
  ),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })).default({}),
  volumes: z.record(z.string(), z.object({})).default({}),
});

type Compose = z.infer<typeof composeSchema>;

function readCompose(path: string): Compose {
  return composeSchema.parse(parse(readFileSync(path, 'utf8'), { merge: true }));
}

function service(compose: Compose, name: string): Compose['services'][string] {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

const files = ['docker-compose.yml', 'docker-compose.production.yml'];
const everyService = files.flatMap((file) =>
  Object.entries(readCompose(file).services).map(([name, definition]) => ({ file, name, definition })),
);

describe.each(everyService)('$file: service $name', ({ definition }) => {
  it('runs as a numeric user that is not root', () => {
    expect(definition.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('has a read-only root, no capability and no way to gain a privilege', () => {
    expect(definition.read_only).toBe(true);
    expect(definition.cap_drop).toEqual(['ALL']);
    expect(definition.security_opt).toContain('no-new-privileges:true');
  });

  it('has bounds for memory and processes', () => {
    expect(definition.mem_limit).toMatch(/^\d+[mg]$/);
    expect(definition.pids_limit).toBeGreaterThan(0);
  });

  it('is published on loopback only, where it is published', () => {
    for (const port of definition.ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('mounts nothing of the machine but read-only files of this repository', () => {
    for (const volume of definition.volumes.filter((mount) => /^[./~]/.test(mount))) {
      expect(volume).toMatch(/^\.\/deploy\/.*:ro$/);
    }
  });

  it('holds no secret in its environment', () => {
    for (const [name, value] of Object.entries(definition.environment)) {
      const isSecretName = /PASSWORD|SECRET|TOKEN|_KEY$/.test(name);
      expect(isSecretName && !name.endsWith('_FILE'), name).toBe(false);
      expect(value).not.toMatch(/:\/\/[^/@:\s]+:[^/@:\s]+@/);
    }
  });
});

describe('docker-compose.yml', () => {
  const app = service(readCompose('docker-compose.yml'), 'app');

  it('serves in local mode by default and can run the tests, from one image', () => {
    expect(app['build']).toMatchObject({ target: 'test' });
    expect(app.environment['ACP_ENVIRONMENT']).toBe('local');
    expect(app['command']).toEqual(['node', 'dist/cli/main.js', 'serve']);
  });
});

describe('docker-compose.production.yml', () => {
  const compose = readCompose('docker-compose.production.yml');

  it('keeps the audit log, the state and the database in volumes', () => {
    expect(service(compose, 'app').volumes).toEqual(
      expect.arrayContaining(['audit:/var/lib/acp/audit', 'state:/var/lib/acp/state']),
    );
    expect(service(compose, 'database').volumes).toContain('database:/var/lib/postgresql/data');
    for (const name of ['audit', 'state', 'keys', 'database']) expect(compose.volumes).toHaveProperty(name);
  });

  it('lets the service read the keys and not write them', () => {
    expect(service(compose, 'app').volumes).toContain('keys:/var/lib/acp/keys:ro');
  });

  it('starts the service once the keys are made and the database is healthy', () => {
    expect(service(compose, 'app').depends_on).toEqual({
      keys: { condition: 'service_completed_successfully' },
      database: { condition: 'service_healthy' },
    });
    expect(service(compose, 'database').healthcheck?.test).toContain('pg_isready');
  });

  it('gives the database no published port and no way out', () => {
    const database = service(compose, 'database');
    expect(database.ports).toEqual([]);
    expect(database.networks).toEqual(['storage']);
    expect(compose.networks['storage']?.internal).toBe(true);
  });

  it('makes the keys without a network', () => {
    expect(service(compose, 'keys')['network_mode']).toBe('none');
  });

  it('takes its settings from the production example', () => {
    expect(service(compose, 'app').env_file).toBe('.env.production');
  });
});
