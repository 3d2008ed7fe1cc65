import { z } from 'zod';
import { policyDocumentSchema } from './document.js';

const argumentSchemaRoot = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The JSON Schema of a policy file, made from the schema that the loader itself uses, so that editors complete and
 * check what is written. What no JSON Schema can say (invariants, safe patterns) is checked at load.
 */
export function createPolicyJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(policyDocumentSchema, {
    io: 'input',
    override: ({ jsonSchema, path }) => {
      if (path.at(-1) !== 'arguments') return;
      jsonSchema.allOf = [
        { $ref: argumentSchemaRoot },
        { type: 'object', properties: { type: { const: 'object' } }, required: ['type'] },
      ];
    },
  });
  return { $schema, title: 'Policy of the LLM agent control plane', ...schema };
}
