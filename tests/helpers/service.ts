import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { compose, type ComposeOverrides, type Composition } from '../../src/compose.js';
import type { LoadedConfig, Variables } from '../../src/config/load-config.js';
import { loadProcessConfig } from '../../src/config/process-config.js';
import { createApp, type AppOptions } from '../../src/http/app.js';

/** An event as a reader of the log finds it. */
export type LoggedEvent = Readonly<Record<string, unknown>>;

/** The service as it runs, on a real log in a directory of its own, called without a socket. */
export interface TestService {
  readonly app: FastifyInstance;
  readonly composition: Composition;
  readonly loaded: LoadedConfig;
  readonly auditDirectory: string;
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
  get(url: string, headers?: Record<string, string>): Promise<TestAnswer>;
  /** Events of decisions and refusals, in order; the log's and the policy's own are left out. */
  events(): readonly LoggedEvent[];
  allEvents(): readonly LoggedEvent[];
  close(): Promise<void>;
}

export interface TestAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
}

const OWN_EVENTS = new Set(['policy_loaded', 'policy_rejected']);

function isOwn({ event_type }: LoggedEvent): boolean {
  const type = String(event_type);
  return type.startsWith('audit_') || OWN_EVENTS.has(type);
}

/** Every line of a log directory, parsed, in the order in which they were written. */
export function readLogDirectory(directory: string): readonly LoggedEvent[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as LoggedEvent)
    .sort((left, right) => Number(left['seq']) - Number(right['seq']));
}

export interface ServiceOptions {
  readonly variables?: Variables;
  readonly overrides?: ComposeOverrides;
  /** What the configuration does not set of the HTTP layer. */
  readonly app?: Partial<AppOptions>;
}

export async function startService(options: ServiceOptions = {}): Promise<TestService> {
  const directory = mkdtempSync(join(tmpdir(), 'acp-test-'));
  const auditDirectory = join(directory, 'audit');
  const loaded = loadProcessConfig({
    ACP_ENVIRONMENT: 'test',
    ACP_AUDIT_LOG_DIR: auditDirectory,
    ACP_STATE_DIR: join(directory, 'state'),
    ...options.variables,
  });
  const { config } = loaded;
  const composition = await compose(config, options.overrides);
  const { plane } = composition;
  const app = await createApp({
    ...config,
    ...composition,
    mode: config.environment,
    version: '0.0.0',
    ...options.app,
  });

  const call = async (
    method: 'GET' | 'POST',
    url: string,
    headers: Record<string, string>,
    payload?: string,
  ): Promise<TestAnswer> => {
    const response = await app.inject({
      method,
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    });
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    return {
      status: response.statusCode,
      body: isJson ? response.json<Record<string, unknown>>() : {},
      headers: response.headers,
      text: response.body,
    };
  };

  return {
    app,
    composition,
    loaded,
    auditDirectory,
    post: (url, body, headers = {}) =>
      call('POST', url, { 'content-type': 'application/json', ...headers }, JSON.stringify(body)),
    get: (url, headers = {}) => call('GET', url, headers),
    events: () => readLogDirectory(auditDirectory).filter((event) => !isOwn(event)),
    allEvents: () => readLogDirectory(auditDirectory),
    async close() {
      await app.close();
      await plane.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
