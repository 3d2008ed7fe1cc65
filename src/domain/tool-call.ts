import { z } from 'zod';
import { limits } from './limits.js';
import { provenanceSchema } from './provenance.js';
import { boundedString, jsonObjectSchema } from './wire.js';

/** A proposed action: untrusted until the broker has decided on it. */
export const toolCallSchema = z.strictObject({
  tool_name: boundedString(limits.toolNameLength),
  arguments: jsonObjectSchema.default({}),
  target: boundedString(limits.targetLength).nullable().default(null),
  provenance: provenanceSchema.nullable().default(null),
});

/** What `toolCallSchema` describes. */
export type ToolCall = z.infer<typeof toolCallSchema>;
