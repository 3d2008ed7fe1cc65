import { z } from 'zod';
import { simulated, type BuiltInDefinition } from './definition.js';

const schema = z.strictObject({ record_ids: z.array(z.string()) });

/** Deletes records for good. */
export const deleteRecords: BuiltInDefinition<typeof schema> = {
  name: 'delete_records',
  description: 'deletes records for good',
  destination: 'internal_display',
  schema,
  simulate: ({ record_ids }) =>
    simulated('delete_records', {
      deleted_ids: record_ids,
      note: 'nothing was deleted; this is a simulation',
    }),
};
