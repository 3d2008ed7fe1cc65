import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { PolicyError } from '../domain/errors.js';
import { authorizeRequestSchema, type AuthorizeRequest } from '../domain/request.js';
import { readYaml } from '../domain/yaml.js';

const caseSchema = z.strictObject({
  name: z.string().min(1).describe('What the case shows, as a sentence.'),
  request: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Fields of the request, over the defaults.'),
  tool_call: z.record(z.string(), z.unknown()).describe('The proposed call, over the defaults.'),
  expect: z.strictObject({
    effect: z.enum(['allow', 'deny', 'step_up']),
    reason: z.string().describe('The reason as it is answered, with its detail.'),
  }),
});

/** A table of calls and what a policy should say of each. */
export const policyTestFileSchema = z.strictObject({
  policy: z.string().min(1).describe('The policy file, relative to this file.'),
  defaults: z
    .strictObject({
      request: z.record(z.string(), z.unknown()).default({}),
      tool_call: z.record(z.string(), z.unknown()).default({}),
    })
    .prefault({})
    .describe('What the cases have in common.'),
  cases: z.array(caseSchema).min(1),
});

/** A call, with whatever its file says of all of them, and what must come of it. */
export interface PolicyTestCase {
  readonly name: string;
  readonly body: AuthorizeRequest;
  readonly expect: { readonly effect: 'allow' | 'deny' | 'step_up'; readonly reason: string };
}

/** The cases of a file, and the policy that they are about. */
export interface PolicyTestFile {
  readonly policyPath: string;
  readonly cases: readonly PolicyTestCase[];
}

const maxFileBytes = 1_048_576;
const maxFileNodes = 50_000;

/** Who asks, where a case or call does not say. */
const someone = { request_id: 'policy-test', user_id: 'policy-test', session_id: 'policy-test' };
const someTenant = 'tenant-a';
/** Where a call comes from, where a case does not say. */
const trustedModel = { source: 'model', trust: 'trusted', context_ids: ['model-turn'] };

function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'malformed' : `${issue.path.join('.') || 'root'}: ${issue.message}`;
}

/**
 * Reads a policy test file.
 *
 * A call aims at its request's tenant and comes from a trusted model turn unless the case says otherwise.
 *
 * @throws PolicyError saying what is wrong with the file, and with which case
 */
export function readPolicyTestFile(path: string): PolicyTestFile {
  const name = basename(path);
  const read = readYaml(readText(path), { maxNodes: maxFileNodes });
  if (!read.ok) throw new PolicyError(`${name}: not valid YAML: ${read.fault.message}`);
  const parsed = policyTestFileSchema.safeParse(read.value);
  if (!parsed.success) throw new PolicyError(`${name}: ${describeIssue(parsed.error)}`);
  const { policy, defaults, cases } = parsed.data;
  return {
    policyPath: resolve(dirname(path), policy),
    cases: cases.map((entry) => {
      const request = { ...someone, tenant_id: someTenant, ...defaults.request, ...entry.request };
      const tool_call = {
        target: request.tenant_id,
        provenance: trustedModel,
        ...defaults.tool_call,
        ...entry.tool_call,
      };
      const body = authorizeRequestSchema.safeParse({ ...request, tool_call });
      if (!body.success) throw new PolicyError(`${name}: case '${entry.name}': ${describeIssue(body.error)}`);
      return { name: entry.name, body: body.data, expect: entry.expect };
    }),
  };
}

function readText(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isFile() !== true) throw new PolicyError(`file not found: ${basename(path)}`);
  if (status.size > maxFileBytes) throw new PolicyError(`file is too large: ${basename(path)}`);
  return readFileSync(path, 'utf8');
}

/**
 * A call as `POST /v1/authorize` takes it, read from a JSON file; who asks may be left out.
 *
 * @throws PolicyError saying what is wrong with it
 */
export function readCallFile(path: string): AuthorizeRequest {
  const name = basename(path);
  let value: unknown;
  try {
    value = JSON.parse(readText(path));
  } catch (cause) {
    if (cause instanceof PolicyError) throw cause;
    throw new PolicyError(`${name}: not valid JSON`, { cause });
  }
  const fields = typeof value === 'object' && value !== null ? value : {};
  const body = authorizeRequestSchema.safeParse({ ...someone, ...fields });
  if (!body.success) throw new PolicyError(`${name}: ${describeIssue(body.error)}`);
  return body.data;
}
