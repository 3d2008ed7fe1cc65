import type { z } from 'zod';
import { compareCodePoints } from '../domain/canonical-json.js';
import { limits } from '../domain/limits.js';
import { riskLevelSchema } from '../domain/policy.js';
import { requiredToolKeys, toolDestinationSchema } from './document.js';

type Issue = z.core.$ZodIssue;

/** A fault in words, and where it stands in the order in which faults are reported. */
interface Violation {
  readonly rank: number;
  readonly message: string;
}

function listed(names: readonly string[]): string {
  return names.toSorted(compareCodePoints).join(', ');
}

function quoted(options: readonly string[]): string {
  return `[${options
    .toSorted(compareCodePoints)
    .map((option) => `'${option}'`)
    .join(', ')}]`;
}

function describeFrame(issue: Issue): Violation {
  const [key] = issue.path;
  if (issue.code === 'unrecognized_keys') {
    return { rank: 0, message: `unknown top-level keys: ${listed(issue.keys)}` };
  }
  if (key === undefined) return { rank: 0, message: 'policy root must be a mapping' };
  if (key === 'default_decision') return { rank: 1, message: "default_decision must be 'deny'" };
  if (key === 'tenant_isolation') return { rank: 2, message: "tenant_isolation must be 'strict'" };
  if (issue.code === 'custom') return { rank: 4, message: issue.message };
  return { rank: 3, message: 'tools must be a mapping' };
}

/** What to say of a wrong value, by key, in the order in which keys are checked. */
const wrongValue: ReadonlyMap<string, string> = new Map([
  ['enabled', 'enabled must be a boolean'],
  ['external_effect', 'external_effect must be a boolean'],
  ['destructive', 'destructive must be a boolean'],
  ['requires_human_approval', 'requires_human_approval must be a boolean'],
  ['allowed_roles', 'allowed_roles must be a list'],
  ['allowed_roles[]', 'allowed_roles entries must be strings'],
  ['risk_level', `risk_level must be one of ${quoted(riskLevelSchema.options)}`],
  ['description', 'description must be a string of at most 1024 characters'],
  ['arguments', 'arguments must be a mapping'],
  ['destination', `destination must be one of ${quoted(toolDestinationSchema.options)}`],
]);

const valueOrder = [...wrongValue.keys()];

/** What is wrong with a name that is empty or too long. */
export const nameLengthViolation = `tool names must be 1 to ${limits.toolNameLength} characters`;

/** What is wrong with a name of other characters than names have. */
export function nameViolation(name: string): string {
  return `tool '${name}': name must be a letter or '_', then letters, digits, '_', '.' or '-'`;
}

function describeTool(issue: Issue, name: string, tool: unknown): Violation {
  const [key, index] = issue.path;
  if (issue.code === 'unrecognized_keys') {
    return { rank: 2, message: `tool '${name}' has unknown keys: ${listed(issue.keys)}` };
  }
  if (issue.code === 'custom') return { rank: 99, message: `tool '${name}': ${issue.message}` };
  if (key === undefined || typeof tool !== 'object' || tool === null) {
    return { rank: 1, message: `tool '${name}' must be a mapping` };
  }
  const missing = requiredToolKeys.filter((required) => !Object.hasOwn(tool, required));
  if (missing.length > 0) {
    return { rank: 3, message: `tool '${name}' missing fields: ${listed(missing)}` };
  }
  const place = String(key) + (index === undefined ? '' : '[]');
  return {
    rank: 4 + valueOrder.indexOf(place),
    message: `tool '${name}': ${wrongValue.get(place) ?? 'malformed'}`,
  };
}

function firstOf(violations: readonly Violation[]): string | undefined {
  return violations.toSorted((left, right) => left.rank - right.rank)[0]?.message;
}

/** The first of the issues of a policy's frame, in the words of the policy reference. */
export function frameViolation(issues: readonly Issue[]): string {
  return firstOf(issues.map(describeFrame)) ?? 'policy root must be a mapping';
}

/** The first of a tool's issues, in the words of the policy reference and in the order of the checks. */
export function toolViolation(issues: readonly Issue[], name: string, tool: unknown): string {
  return (
    firstOf(issues.map((issue) => describeTool(issue, name, tool))) ?? `tool '${name}' must be a mapping`
  );
}
