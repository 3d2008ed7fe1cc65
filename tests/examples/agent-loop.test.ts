import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGate, type GateOptions, type ProposedCall } from '../../examples/agent-loop/gate.js';
import { runAgentLoop, type Step } from '../../examples/agent-loop/loop.js';
import { headersOf, startApprovalService } from '../helpers/approval-service.js';
import type { TestService } from '../helpers/service.js';

const FOLDER = 'examples/agent-loop';
const KEY_FILE = 'examples/approvals/keys/support-bot.key';
const proposals = JSON.parse(readFileSync(`${FOLDER}/proposals.json`, 'utf8')) as ProposedCall[];
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) process.stderr.write('skipping the example in Python: there is no python3\n');

let service: TestService;
let baseUrl: string;

beforeEach(async () => {
  service = await startApprovalService();
  baseUrl = await service.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => service.close());

/** The human: decides on the approval that a line of the agent names. */
function decideOn(line: string, verb: 'approve' | 'deny'): void {
  const id = /approval (\S+)$/.exec(line)?.[1];
  if (id !== undefined) {
    void service.post(`/v1/approvals/${id}/${verb}`, { reason: 'looked at it' }, headersOf('alice'));
  }
}

function runLoop(verb: 'approve' | 'deny', change: Partial<GateOptions> = {}): Promise<Step[]> {
  const log = (line: string): void => {
    decideOn(line, verb);
  };
  const ask = createGate({
    baseUrl,
    apiKey: readFileSync(KEY_FILE, 'utf8').trim(),
    identity: { user_id: 'u-1', session_id: 'session-1', tenant_id: 'tenant-a' },
    pollMilliseconds: 5,
    patienceMilliseconds: 20_000,
    log,
    ...change,
  });
  return runAgentLoop({ proposals, ask, log });
}

const REFUSED_DOCUMENT = {
  tool_name: 'send_email',
  outcome: 'refused',
  reason: 'retrieved_cannot_authorize_tool_execution',
};

describe('the example agent loop', () => {
  it('does what is permitted, waits for a human, and takes a refusal for an answer', async () => {
    expect(await runLoop('approve')).toEqual([
      { tool_name: 'read_records', outcome: 'done', result: 'simulated read_records with record_ids' },
      { tool_name: 'send_email', outcome: 'done', result: 'simulated send_email with body, subject, to' },
      REFUSED_DOCUMENT,
    ]);
  });

  it('does without what a human denies', async () => {
    expect((await runLoop('deny')).slice(1)).toEqual([
      { tool_name: 'send_email', outcome: 'refused', reason: 'no human approved' },
      REFUSED_DOCUMENT,
    ]);
  });

  it('does not wait for ever', async () => {
    const steps = await runLoop('approve', { patienceMilliseconds: 20, log: () => undefined });
    expect(steps[1]).toEqual({ tool_name: 'send_email', outcome: 'refused', reason: 'no human approved' });
  });

  it('makes no call when it may not ask', async () => {
    await expect(runLoop('approve', { apiKey: 'no-such-key' })).rejects.toThrow('401');
  });
});

describe('the example agent loop in Python', () => {
  it.skipIf(!hasPython)('does the same', async () => {
    const child = spawn('python3', [`${FOLDER}/agent_loop.py`, baseUrl, KEY_FILE], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      const printed = String(chunk)
        .split('\n')
        .filter((line) => line !== '');
      lines.push(...printed);
      for (const line of printed) decideOn(line, 'approve');
    }
    expect(lines.filter((line) => !line.startsWith('waiting'))).toEqual([
      'read_records: simulated read_records with record_ids',
      'send_email: simulated send_email with body, subject, to',
      'send_email: refused (retrieved_cannot_authorize_tool_execution)',
    ]);
    expect(lines.filter((line) => line.startsWith('waiting'))).toHaveLength(1);
  });
});
