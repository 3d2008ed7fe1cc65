import { z } from 'zod';
import { simulated, type BuiltInDefinition } from './definition.js';

const schema = z.strictObject({ record_ids: z.array(z.string()).default([]) });

/** Reads records of the caller's tenant. */
export const readRecords: BuiltInDefinition<typeof schema> = {
  name: 'read_records',
  description: "reads records of the caller's tenant",
  destination: 'internal_display',
  schema,
  simulate: ({ record_ids }, tenantId) =>
    simulated('read_records', {
      tenant_id: tenantId,
      records: record_ids.map((id) => ({ id, value: 'simulated' })),
    }),
};
