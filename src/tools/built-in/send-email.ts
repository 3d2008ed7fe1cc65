import { z } from 'zod';
import { simulated, type BuiltInDefinition } from './definition.js';

const schema = z.strictObject({ to: z.string(), subject: z.string(), body: z.string() });

/** Sends an e-mail out of the organisation. */
export const sendEmail: BuiltInDefinition<typeof schema> = {
  name: 'send_email',
  description: 'sends an e-mail',
  destination: 'external_email',
  schema,
  simulate: ({ to }) =>
    simulated('send_email', {
      to,
      status: 'simulated_queued',
      note: 'nothing was sent; this is a simulation',
    }),
};
