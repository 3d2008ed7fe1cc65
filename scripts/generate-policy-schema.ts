/** Writes the JSON Schema of policy files, for editors: `policies/policy.schema.json`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { createPolicyJsonSchema } from '../src/policy/json-schema.js';

const path = join(import.meta.dirname, '..', 'policies', 'policy.schema.json');

writeFileSync(
  path,
  await format(JSON.stringify(createPolicyJsonSchema()), { parser: 'json', printWidth: 110 }),
);
