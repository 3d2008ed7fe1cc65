import { z } from 'zod';

/** What the process that runs autocannon is told. */
export const autocannonOrderSchema = z.strictObject({
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  /** Bodies in JSON, dealt out to the connections in turn: none is sent twice where there are as many as requests. */
  bodies: z.array(z.string()).min(1),
  connections: z.int().min(1),
  end: z.union([
    z.strictObject({ duration: z.number().positive() }),
    z.strictObject({ amount: z.int().min(1) }),
  ]),
});

/** What `autocannonOrderSchema` describes. */
export type AutocannonOrder = z.infer<typeof autocannonOrderSchema>;

/** What it answers. */
export const loadResultSchema = z.strictObject({
  requestsPerSecond: z.number(),
  p50Milliseconds: z.number(),
  p99Milliseconds: z.number(),
  requests: z.int(),
  failures: z.int(),
});
