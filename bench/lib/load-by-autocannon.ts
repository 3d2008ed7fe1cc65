import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputOf } from './child-process.js';
import { loadResultSchema, type AutocannonOrder } from './autocannon-order.js';
import type { Load, LoadResult } from './load.js';

const GENERATOR = fileURLToPath(new URL('autocannon-generator.ts', import.meta.url));

function orderOf({ url, headers = {}, bodies, once = false, connections, until }: Load): AutocannonOrder {
  const amount = once ? bodies.length : 'requests' in until ? until.requests : null;
  return {
    url,
    headers: { 'content-type': 'application/json', ...headers },
    bodies: bodies.map((body) => JSON.stringify(body)),
    // Each connection makes one request at least.
    connections: amount === null ? connections : Math.min(connections, amount),
    end: amount === null && 'seconds' in until ? { duration: until.seconds } : { amount: amount ?? 0 },
  };
}

/** Applies a load by autocannon, in a process of its own. Bodies that are sent once end it by themselves. */
export async function applyAutocannon(load: Load): Promise<LoadResult> {
  const directory = mkdtempSync(join(tmpdir(), 'acp-autocannon-'));
  try {
    const order = join(directory, 'order.json');
    writeFileSync(order, JSON.stringify(orderOf(load)));
    const output = await outputOf(process.execPath, ['--import', 'tsx', GENERATOR, order]);
    return loadResultSchema.parse(JSON.parse(output));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
