import { z } from 'zod';
import { simulated, type BuiltInDefinition } from './definition.js';

const schema = z.strictObject({
  format: z.string().default('json'),
  filter: z.string().nullable().default(null),
});

const simulatedRows = 3;

/** Exports records to a place outside the organisation. */
export const exportRecords: BuiltInDefinition<typeof schema> = {
  name: 'export_records',
  description: 'exports records',
  destination: 'external_export',
  schema,
  simulate: ({ format }) =>
    simulated('export_records', {
      format,
      rows: simulatedRows,
      note: 'no file was written; this is a simulation',
    }),
};
