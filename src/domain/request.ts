import { z } from 'zod';
import { destinationSchema, sensitivitySchema } from './filter.js';
import { limits } from './limits.js';
import { trustSchema } from './provenance.js';
import { toolCallSchema } from './tool-call.js';
import { boundedString, identifierSchema, textSchema } from './wire.js';

/** A piece of retrieved context. Data, whatever it says. */
export const retrievedChunkSchema = z.strictObject({
  id: boundedString(limits.contextIdLength).min(1),
  content: textSchema,
  trust: trustSchema.default('untrusted'),
  tenant_id: identifierSchema,
});

/** What `retrievedChunkSchema` describes. */
export type RetrievedChunk = z.infer<typeof retrievedChunkSchema>;

/** What an earlier tool run answered. Data, whatever it says. */
export const toolOutputSegmentSchema = z.strictObject({
  execution_id: boundedString(limits.contextIdLength).min(1),
  tool_name: boundedString(limits.toolNameLength),
  content: textSchema,
  trust: trustSchema.default('untrusted'),
});

/** What `toolOutputSegmentSchema` describes. */
export type ToolOutputSegment = z.infer<typeof toolOutputSegmentSchema>;

/** How a turn is run: under every control, or on the teaching path that shows what happens without them. */
export const pathSchema = z.enum(['protected', 'vulnerable']);

/** Who a turn is for, what it may refer to, and the approval it presents: shared by both decision endpoints. */
const turnFields = {
  request_id: identifierSchema,
  user_id: identifierSchema,
  session_id: identifierSchema,
  tenant_id: identifierSchema,
  // Never an error: what is not a string counts as absent, what is not printable is dropped (correlation.ts).
  correlation_id: z.string().nullish().catch(null),
  role: identifierSchema.default('user'),
  human_approval: z.boolean().default(false),
  approval_token: boundedString(limits.tokenLength).nullable().default(null),
  retrieved_chunks: z.array(retrievedChunkSchema).max(limits.contextItems).default([]),
  tool_output_segments: z.array(toolOutputSegmentSchema).max(limits.contextItems).default([]),
};

/** Body of `POST /run`: one agent turn. */
export const runRequestSchema = z.strictObject({
  ...turnFields,
  user_message: textSchema,
  scenario: boundedString(limits.scenarioLength).default('safe_read'),
  path: pathSchema.default('protected'),
});

/** What `runRequestSchema` describes, with its defaults filled in. */
export type RunRequest = z.infer<typeof runRequestSchema>;

/** Body of `POST /v1/authorize`: one proposed tool call. */
export const authorizeRequestSchema = z.strictObject({
  ...turnFields,
  tool_call: toolCallSchema,
});

/** What `authorizeRequestSchema` describes, with its defaults filled in. */
export type AuthorizeRequest = z.infer<typeof authorizeRequestSchema>;

/** What a decision needs to know of a request besides the call itself. */
export type TurnRequest = Omit<AuthorizeRequest, 'tool_call'>;

/** Body of `POST /v1/filter`. Strings of the structured output are text, and may be malformed Unicode. */
export const filterRequestSchema = z.strictObject({
  text: textSchema.default(''),
  structured_output: z.record(z.string(), z.unknown()).nullable().default(null),
  context: z
    .strictObject({
      tenant_id: identifierSchema.nullable().default(null),
      destination: destinationSchema.default('internal_display'),
      source_sensitivity: sensitivitySchema.default('public'),
      source_labels: z.array(boundedString(limits.contextIdLength)).max(limits.sourceLabels).default([]),
      strict_response_schema: z.boolean().default(false),
      allowed_response_keys: z
        .array(boundedString(limits.contextIdLength))
        .max(limits.responseKeys)
        .nullable()
        .default(null),
    })
    .prefault({}),
});

/** What `filterRequestSchema` describes, with its defaults filled in. */
export type FilterRequest = z.infer<typeof filterRequestSchema>;
