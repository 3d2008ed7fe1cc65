import { z } from 'zod';
import { destinationSchema } from '../domain/filter.js';
import { limits } from '../domain/limits.js';
import { riskLevelSchema } from '../domain/policy.js';

/** What must be said of every tool. */
const ruleFields = {
  enabled: z.boolean().describe('Whether the tool may be called at all.'),
  risk_level: riskLevelSchema.describe('How much harm a wrong call can do.'),
  external_effect: z.boolean().describe('Whether a call reaches beyond the organisation.'),
  destructive: z.boolean().describe('Whether a call destroys what cannot be brought back.'),
  requires_human_approval: z.boolean().describe('Whether a human must approve each call.'),
  allowed_roles: z.array(z.string()).describe('Roles that may call the tool; nobody else may.'),
};

/** Where a tool may send data; the audit log is not for tools. */
export const toolDestinationSchema = destinationSchema.exclude(['audit_log']);

/** What may be said besides. `description` and `destination` are for tools that are not built in. */
const declarationFields = {
  description: z.string().max(1024).optional().describe('What the tool does, for people.'),
  arguments: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('JSON Schema 2020-12 of the arguments; on a built-in tool, what they are narrowed to.'),
  destination: toolDestinationSchema.optional().describe('Where the tool sends data.'),
};

/** What a policy file says of one tool. */
export const policyToolSchema = z
  .strictObject({ ...ruleFields, ...declarationFields })
  .refine((tool) => !tool.enabled || tool.allowed_roles.length > 0, {
    error: 'enabled tools must declare at least one allowed role',
  });

/** What `policyToolSchema` describes. */
export type PolicyTool = z.infer<typeof policyToolSchema>;

/** The keys that every tool must have, in the order in which a file is asked for them. */
export const requiredToolKeys: readonly string[] = Object.keys(ruleFields);

/** As long as a tool's name may be. */
export const toolNameLengthSchema = z.string().min(1).max(limits.toolNameLength);

/**
 * A tool's name.
 *
 * THREAT: a name that looks like another one, or like a piece of the message, log line or command that it stands in.
 */
export const toolNameSchema = toolNameLengthSchema.regex(/^(?![\d.-])[\w.-]+$/);

/** Most tools that a file may list. */
export const maxPolicyTools = 10_000;

const TOOLS_EMPTY = { error: 'tools mapping must not be empty' };

function isNotEmpty(tools: object): boolean {
  return Object.keys(tools).length > 0;
}

/** A policy file's content. */
export const policyDocumentSchema = z.strictObject({
  default_decision: z.literal('deny').describe('What happens to a call that nothing allows.'),
  tools: z
    .record(toolNameSchema, policyToolSchema)
    .refine(isNotEmpty, TOOLS_EMPTY)
    .describe('The tools that may be proposed, by name; a tool that is not listed is denied.'),
  tenant_isolation: z.literal('strict').describe("A call may aim at the caller's tenant only."),
});

/** What `policyDocumentSchema` describes. */
export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

/** A policy file's content but for its tools, which are looked at one after another. */
export const policyFrameSchema = policyDocumentSchema.extend({
  tools: z.record(z.string(), z.unknown()).refine(isNotEmpty, TOOLS_EMPTY),
});
