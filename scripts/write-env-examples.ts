/** Writes `.env.example` and `.env.production.example` anew from the settings of the configuration. */
import { writeFileSync } from 'node:fs';
import { ENV_EXAMPLES, renderEnvExample } from './env-examples/render.js';

for (const [path, example] of Object.entries(ENV_EXAMPLES)) {
  writeFileSync(path, renderEnvExample(example));
  console.log(`wrote ${path}`);
}
