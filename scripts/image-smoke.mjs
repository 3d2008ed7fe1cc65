// Runs inside the runtime image: starts the service, asks for one turn, stops it, and exits 0 when all went well.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

const BASE_URL = 'http://127.0.0.1:8080';
const START_ATTEMPTS = 100;
const TURN = {
  request_id: 'image-smoke',
  user_id: 'user-1',
  session_id: 'session-1',
  tenant_id: 'tenant-a',
  user_message: 'read my records',
};

async function waitForHealth() {
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    const health = await fetch(`${BASE_URL}/health`).catch(() => null);
    if (health?.ok) return health.json();
    await wait(100);
  }
  throw new Error('the service did not start');
}

async function main() {
  const service = spawn('node', ['dist/cli/main.js', 'serve'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ACP_ENVIRONMENT: 'local', ACP_HOST: '127.0.0.1', ACP_PORT: '8080' },
  });
  try {
    console.log('health:', JSON.stringify(await waitForHealth()));
    const response = await fetch(`${BASE_URL}/run`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(TURN),
    });
    const turn = await response.json();
    console.log('run:', response.status, JSON.stringify(turn));
    if (!response.ok || turn.reason !== 'explicit_allow_after_policy_checks') throw new Error('not allowed');
  } finally {
    service.kill('SIGTERM');
  }
  const [status] = await once(service, 'exit');
  if (status !== 0) throw new Error(`the service ended with ${status}`);
  console.log('stopped cleanly');
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
