import { PolicyError } from '../domain/errors.js';
import { policyDocumentSchema, type PolicyDocument } from './document.js';
import { brokenInvariant } from './invariants.js';
import { firstViolation } from './violations.js';
import { parseYamlValue } from './yaml-value.js';

/** Largest policy file, in bytes of UTF-8: parsing holds a process up for seconds beyond it. */
export const maxPolicyBytes = 262_144;

/**
 * Reads a policy from the bytes of its file: size, UTF-8, YAML, form, then what must hold of well-known tools.
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
  const value = parseYamlValue(decode(bytes));
  const parsed = policyDocumentSchema.safeParse(value);
  if (!parsed.success) throw new PolicyError(firstViolation(parsed.error.issues, value));
  const broken = brokenInvariant(parsed.data);
  if (broken !== null) throw new PolicyError(broken);
  return parsed.data;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PolicyError('policy file is not valid UTF-8', { cause });
  }
}
