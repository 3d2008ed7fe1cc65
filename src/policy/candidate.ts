import { createHash } from 'node:crypto';
import { lstatSync, statSync, type BigIntStats } from 'node:fs';
import { PolicyError } from '../domain/errors.js';
import { policyDigest, verifyDigest } from './digest.js';
import type { PolicyDocument } from './document.js';
import { parsePolicy } from './parse.js';
import { readDigestFile, readPolicyFile } from './policy-file.js';

/** The files that a policy is made of. */
export interface PolicyFiles {
  readonly policyPath: string;
  /** Null where no file holds the digest. */
  readonly digestPath: string | null;
  /** Whether the digest file must be there; where not, the policy is loaded unverified without it. */
  readonly requiresDigestFile: boolean;
}

/** What was read, before anything is made of it: contents, or the fault of reading. */
export interface RawCandidate {
  readonly policy: Uint8Array | PolicyError;
  /** Null where no digest file is there and none is required. */
  readonly fileSha256: string | PolicyError | null;
  /** Equal for equal contents. */
  readonly key: string;
}

/** What a candidate turned out to be. */
export type CandidateVerdict =
  | { readonly ok: true; readonly document: PolicyDocument; readonly sha256: string }
  | { readonly ok: false; readonly error: string; readonly sha256: string | null };

function attempt<T>(read: () => T): T | PolicyError {
  try {
    return read();
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
}

/** Whether anything stands at this path. What cannot be looked at counts, so that it is an error and not an absence. */
function isPresent(path: string): boolean {
  try {
    // Not following links: one that leads nowhere is there.
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** Reads the policy and its digest once. What cannot be read is an error inside the candidate. */
export function readCandidate(files: PolicyFiles): RawCandidate {
  const { policyPath, digestPath, requiresDigestFile } = files;
  const policy = attempt(() => readPolicyFile(policyPath));
  const isVerified = digestPath !== null && (requiresDigestFile || isPresent(digestPath));
  const fileSha256 = isVerified ? attempt(() => readDigestFile(digestPath)) : null;
  const hash = createHash('sha256').update(policy instanceof PolicyError ? policy.message : policy);
  hash.update('\0').update(fileSha256 instanceof PolicyError ? fileSha256.message : (fileSha256 ?? ''));
  return { policy, fileSha256, key: hash.digest('hex') };
}

/** Validates a candidate and compares it with every digest that is known of it. */
export function judgeCandidate(candidate: RawCandidate, expectedSha256: string | null): CandidateVerdict {
  const { policy, fileSha256 } = candidate;
  let sha256: string | null = null;
  try {
    if (policy instanceof PolicyError) throw policy;
    const document = parsePolicy(policy);
    sha256 = policyDigest(document);
    if (expectedSha256 !== null) verifyDigest(expectedSha256, sha256);
    if (fileSha256 instanceof PolicyError) throw fileSha256;
    if (fileSha256 !== null) verifyDigest(fileSha256, sha256);
    return { ok: true, document, sha256 };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { ok: false, error: error.message, sha256 };
  }
}

/** What the file system says of the files, links followed: different after every change that it can tell. */
export interface FilesMark {
  readonly text: string;
  /** Milliseconds since the Unix epoch of the newest change; 0 where nothing is there. */
  readonly changedAt: number;
}

function statusOf(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return null;
  }
}

/** Looks at the policy and its digest without reading them; what cannot be looked at counts as not there. */
export function markFiles({ policyPath, digestPath }: PolicyFiles): FilesMark {
  let changedAt = 0;
  const marks = [policyPath, ...(digestPath === null ? [] : [digestPath])].map((path) => {
    const status = statusOf(path);
    if (status === null) return 'none';
    changedAt = Math.max(changedAt, Number(status.ctimeMs));
    return [status.dev, status.ino, status.size, status.mtimeNs, status.ctimeNs].join(':');
  });
  return { text: marks.join(' '), changedAt };
}
