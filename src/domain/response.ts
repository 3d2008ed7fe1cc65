import { z } from 'zod';
import { approvalReferenceSchema } from './approval.js';
import { findingSchema, findingSeveritySchema } from './filter.js';
import { riskLevelSchema } from './policy.js';
import { pathSchema } from './request.js';

const simulationSchema = z.strictObject({
  success: z.boolean(),
  message: z.string(),
  simulated_output: z.record(z.string(), z.unknown()),
});

/** Answer of `POST /run`, for allow and deny alike. */
export const runResponseSchema = z.strictObject({
  request_id: z.string(),
  correlation_id: z.string(),
  path: pathSchema,
  allowed: z.boolean(),
  stage: z.string(),
  reason: z.string(),
  model_text: z.string(),
  filtered_output: z.string(),
  tool_executed: z.boolean(),
  simulation: simulationSchema.nullable(),
  approval: approvalReferenceSchema.nullable(),
  decision_id: z.string(),
});

/** What `runResponseSchema` describes. */
export type RunResponse = z.infer<typeof runResponseSchema>;

/** Answer of `POST /v1/authorize`. */
export const authorizeResponseSchema = z.strictObject({
  request_id: z.string(),
  correlation_id: z.string(),
  decision_id: z.string(),
  effect: z.enum(['allow', 'deny', 'step_up']),
  allowed: z.boolean(),
  stage: z.string(),
  reason: z.string(),
  remedy: z.string(),
  tool_name: z.string(),
  risk_level: riskLevelSchema.nullable(),
  requires_human_approval: z.boolean(),
  arguments: z.record(z.string(), z.unknown()).nullable(),
  approval: approvalReferenceSchema.nullable(),
  policy_sha256: z.string().nullable(),
});

/** What `authorizeResponseSchema` describes. */
export type AuthorizeResponse = z.infer<typeof authorizeResponseSchema>;

/** Answer of `POST /v1/filter`. */
export const filterResponseSchema = z.strictObject({
  allowed: z.boolean(),
  reason: z.string(),
  filtered_text: z.string(),
  redacted_text: z.string(),
  findings: z.array(findingSchema),
  finding_count: z.int().nonnegative(),
  finding_types: z.array(z.string()),
  highest_severity: findingSeveritySchema.nullable(),
});

/** What `filterResponseSchema` describes. */
export type FilterResponse = z.infer<typeof filterResponseSchema>;

/** Answer of `GET /v1/policy`. */
export const policyResponseSchema = z.strictObject({
  policy: z.record(z.string(), z.unknown()),
  policy_sha256: z.string(),
  loaded_at: z.string(),
  source: z.string(),
});

/** What `policyResponseSchema` describes. */
export type PolicyResponse = z.infer<typeof policyResponseSchema>;
