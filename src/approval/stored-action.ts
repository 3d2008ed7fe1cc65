import { z } from 'zod';
import { riskLevelSchema } from '../domain/policy.js';
import type { ProposedAction } from '../domain/approval.js';
import { provenanceSchema } from '../domain/provenance.js';
import type { JsonObject } from '../domain/wire.js';
import { ruleOf } from './gate.js';

const principalSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['agent', 'service', 'human', 'gateway', 'anonymous']),
  assurance: z.enum(['asserted', 'verified', 'delegated']),
  owner: z.string().nullable(),
  subject: z.string().nullable(),
});

/** Arguments exactly as they were validated: parsed, never rebuilt. */
const argumentsSchema = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** The action that an approval is for, as the store keeps it. It never changes. */
export const storedActionSchema = z.strictObject({
  request_id: z.string(),
  correlation_id: z.string(),
  decision_id: z.string(),
  tenant_id: z.string(),
  user_id: z.string(),
  session_id: z.string(),
  principal: principalSchema,
  role: z.string(),
  tool_name: z.string(),
  arguments: argumentsSchema,
  target: z.string().nullable(),
  risk_level: riskLevelSchema,
  external_effect: z.boolean(),
  destructive: z.boolean(),
  provenance: provenanceSchema,
  tool_schema_sha256: z.string(),
  policy_sha256: z.string(),
  rule: z.enum(['human_approval_required_for_high_impact_action', 'human_approval_required_by_policy']),
});

/** What `storedActionSchema` describes. */
export type StoredAction = z.infer<typeof storedActionSchema>;

/** What is kept of an action that waits for a human. */
export function storedActionOf(action: ProposedAction): StoredAction {
  const { id, kind, assurance, owner, subject } = action.principal;
  return {
    request_id: action.request_id,
    correlation_id: action.correlation_id,
    decision_id: action.decision_id,
    tenant_id: action.tenant_id,
    user_id: action.user_id,
    session_id: action.session_id,
    principal: { id, kind, assurance, owner, subject },
    role: action.role,
    tool_name: action.tool_name,
    arguments: action.arguments,
    target: action.target,
    risk_level: action.risk_level,
    external_effect: action.external_effect,
    destructive: action.destructive,
    provenance: action.provenance,
    tool_schema_sha256: action.tool_schema_sha256,
    policy_sha256: action.policy_sha256,
    rule: ruleOf(action),
  };
}
