import { createHash } from 'node:crypto';
import { compareCodePoints, toCanonicalJson } from '../domain/canonical-json.js';
import { PolicyError } from '../domain/errors.js';
import type { PolicyDocument } from './document.js';

/** SHA-256 (lowercase hex) of a policy's canonical form: the meaning, not the bytes, with roles in sorted order. */
export function policyDigest(document: PolicyDocument): string {
  const tools = Object.entries(document.tools).map(
    ([name, tool]) =>
      [name, { ...tool, allowed_roles: tool.allowed_roles.toSorted(compareCodePoints) }] as const,
  );
  const canonical = toCanonicalJson({
    default_decision: document.default_decision,
    tenant_isolation: document.tenant_isolation,
    tools: Object.fromEntries(tools),
  });
  return createHash('sha256').update(canonical).digest('hex');
}

/**
 * The digest that a `.sha256` file holds: the first word of its first line that is neither blank nor a comment.
 *
 * @throws PolicyError when there is none, or it is not 64 hex digits
 */
export function parseDigestFile(text: string, basename: string): string {
  const line = text
    .split('\n')
    .map((candidate) => candidate.trim())
    .find((candidate) => candidate !== '' && !candidate.startsWith('#'));
  if (line === undefined) throw new PolicyError(`no hash found in ${basename}`);
  const [word = ''] = line.split(/\s/, 1);
  if (!/^[\da-f]{64}$/i.test(word)) throw new PolicyError(`invalid hash in ${basename}`);
  return word.toLowerCase();
}

/** @throws PolicyError when the digests differ; digests are public, so the message may show both */
export function verifyDigest(expected: string, actual: string): void {
  if (expected.toLowerCase() !== actual) {
    throw new PolicyError(`policy hash mismatch: expected ${expected}, got ${actual}`);
  }
}
