import { describe, expect, it } from 'vitest';
import { createApplicationLog } from '../../src/telemetry/application-log.js';
import type { OutputFilter } from '../../src/domain/filter.js';
import { createOutputFilter } from '../../src/output-filter/filter.js';
import { spawnService } from '../helpers/process.js';
import { runBody } from '../helpers/requests.js';
import { startService } from '../helpers/service.js';

const CANARY = 'canary-5b1d';

/** A filter with a fault that quotes what it was given, as libraries do. */
function brokenFilter(): OutputFilter {
  const real = createOutputFilter({ pii: false, maxBytes: 1_048_576 });
  return {
    ...real,
    redact: (text) => real.redact(text),
    check({ text }) {
      throw new RangeError('filter broke', {
        cause: new Error(`at sk-${'FAKEcanary00'.repeat(4)} ${text.slice(0, 3)}`),
      });
    },
  };
}

function logInMemory(level = 'info') {
  const lines: string[] = [];
  const filter = createOutputFilter({ pii: false, maxBytes: 1_048_576 });
  const logger = createApplicationLog({
    level,
    redact: (text) => filter.redact(text),
    destination: { write: (line) => void lines.push(line) },
  });
  return { lines, logger };
}

describe('the application log of a request', () => {
  it('has one line for a fault: its ids, its route, its causes, and nothing that the request carried', async () => {
    const { lines, logger } = logInMemory();
    const service = await startService({ overrides: { filter: brokenFilter() }, app: { logger } });
    const { status, body } = await service.post(
      '/v1/filter',
      { text: CANARY },
      { 'x-correlation-id': 'corr-1' },
    );
    expect({ status, body }).toEqual({ status: 500, body: { detail: 'internal_error' } });
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(line).toMatchObject({
      msg: 'request failed',
      correlation_id: 'corr-1',
      method: 'POST',
      route: '/v1/filter',
      err: [{ type: 'RangeError', message: 'filter broke' }, { type: 'Error' }],
    });
    expect(line['request_id']).toMatch(/^req-/);
    expect(lines[0]).not.toContain(CANARY);
    expect(lines[0]).not.toContain('FAKEcanary');
    await service.close();
  });

  it('is silent about requests that are decided, refused or malformed', async () => {
    const { lines, logger } = logInMemory();
    const service = await startService({ app: { logger } });
    await service.post('/run', runBody());
    await service.post('/run', runBody(), { 'x-api-key': CANARY });
    await service.post('/run', { [CANARY]: CANARY });
    await service.get(`/${CANARY}`);
    expect(lines).toEqual([]);
    await service.close();
  });

  it('has a line for each answer where an operator asks for it, without what it carried', async () => {
    const { lines, logger } = logInMemory('debug');
    const service = await startService({ app: { logger } });
    await service.post('/run', runBody({ user_message: CANARY, correlation_id: 'corr-2' }));
    await service.get(`/${CANARY}?key=${CANARY}`, { authorization: `Bearer ${CANARY}` });
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: 'answered', correlation_id: 'corr-2', method: 'POST', route: '/run', status: 200 },
      { msg: 'answered', method: 'GET', route: null, status: 404 },
    ]);
    expect(lines.join('')).not.toContain(CANARY);
    await service.close();
  });
});

describe('the application log of a process', () => {
  it('says when it listens, stops and has stopped, on standard error', async () => {
    const service = await spawnService({ ACP_LOG_LEVEL: 'info', ACP_LLM_PROVIDER_NAME: 'provider-a' });
    service.child.kill('SIGTERM');
    const { stderr } = await service.finished;
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => ['listening', 'stopping', 'stopped'].includes(String(msg)));
    expect(lines.map(({ msg }) => msg)).toEqual(['listening', 'stopping', 'stopped']);
    expect(lines[0]).toMatchObject({
      mode: 'test',
      address: service.address,
      llm_adapter: 'simulated',
      llm_provider: 'provider-a',
      llm_model: null,
    });
    expect(lines[1]).toMatchObject({ signal: 'SIGTERM' });
  });
});
