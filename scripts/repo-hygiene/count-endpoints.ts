import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { compose } from '../../src/compose.js';
import { loadProcessConfig } from '../../src/config/process-config.js';
import { createApp } from '../../src/http/app.js';

const openApiSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** How many endpoints, a method and a path each, the service's own OpenAPI document names. */
export async function countEndpoints(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'count-endpoints-'));
  const { config } = loadProcessConfig({
    ACP_ENVIRONMENT: 'test',
    ACP_AUDIT_LOG_DIR: join(folder, 'audit'),
    ACP_STATE_DIR: join(folder, 'state'),
  });
  const composition = await compose(config);
  const { plane } = composition;
  try {
    const app = await createApp({ ...config, ...composition, mode: config.environment, version: '0.0.0' });
    const response = await app.inject('/openapi.json');
    await app.close();
    const { paths } = openApiSchema.parse(response.json());
    return Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
  } finally {
    await plane.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
