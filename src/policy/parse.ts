import { PolicyError } from '../domain/errors.js';
import { readYaml, type YamlFault } from '../domain/yaml.js';
import {
  maxPolicyTools,
  policyFrameSchema,
  policyToolSchema,
  toolNameLengthSchema,
  toolNameSchema,
  type PolicyDocument,
  type PolicyTool,
} from './document.js';
import { brokenInvariant } from './invariants.js';
import { frameViolation, nameLengthViolation, nameViolation, toolViolation } from './violations.js';

/** Largest policy file, in bytes of UTF-8: parsing holds a process up for seconds beyond it. */
export const maxPolicyBytes = 262_144;
/** What it may unfold to; a policy of that size needs a small part of it. */
const maxPolicyNodes = 50_000;

/**
 * Reads a policy from the bytes of its file: size, UTF-8, YAML, form, then what must hold of well-known tools and of names.
 *
 * What the policy declares of tools' arguments is compiled, and so judged, by the tool registry.
 *
 * @throws PolicyError with the first violation in the words of the policy reference
 */
export function parsePolicy(content: Uint8Array | string): PolicyDocument {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  if (bytes.byteLength > maxPolicyBytes) {
    throw new PolicyError(`policy file is larger than ${maxPolicyBytes} bytes`);
  }
  const document = checkForm(parseText(decode(bytes)));
  const broken = brokenInvariant(document);
  if (broken !== null) throw new PolicyError(broken);
  // Last, so that what the policy reference reports is reported first and in its words.
  const misnamed = Object.keys(document.tools).find((name) => !toolNameSchema.safeParse(name).success);
  if (misnamed !== undefined) throw new PolicyError(nameViolation(misnamed));
  return document;
}

function parseText(text: string): unknown {
  const read = readYaml(text, { maxNodes: maxPolicyNodes });
  if (read.ok) return read.value;
  throw new PolicyError(describeFault(read.fault));
}

function describeFault({ code, message, path }: YamlFault): string {
  if (code === 'other_version') return `policy ${message}`;
  const isToolName = code === 'key_not_string' && path.length === 1 && path[0] === 'tools';
  return isToolName ? 'tool names must be strings' : `policy is not valid YAML: ${message}`;
}

/**
 * The document that a file's value is: the frame first, then tool by tool in file order.
 *
 * THREAT: a file full of faults. The first one ends the work; nothing is collected to choose from.
 */
function checkForm(value: unknown): PolicyDocument {
  const frame = policyFrameSchema.safeParse(value);
  if (!frame.success) throw new PolicyError(frameViolation(frame.error.issues));
  const listed = Object.entries(frame.data.tools);
  if (listed.length > maxPolicyTools) {
    throw new PolicyError(`tools mapping must hold at most ${maxPolicyTools} tools`);
  }
  const tools = listed.map(([name, tool]): [string, PolicyTool] => [name, checkTool(name, tool)]);
  return { ...frame.data, tools: Object.fromEntries(tools) };
}

function checkTool(name: string, tool: unknown): PolicyTool {
  if (!toolNameLengthSchema.safeParse(name).success) throw new PolicyError(nameLengthViolation);
  const parsed = policyToolSchema.safeParse(tool);
  if (!parsed.success) throw new PolicyError(toolViolation(parsed.error.issues, name, tool));
  return parsed.data;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PolicyError('policy file is not valid UTF-8', { cause });
  }
}
