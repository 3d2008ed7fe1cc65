import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { PolicyError } from '../domain/errors.js';
import { parseDigestFile } from './digest.js';
import { maxPolicyBytes } from './parse.js';

const maxDigestFileBytes = 65_536;

/** Where a policy's digest stands when nothing else is said: beside it, `.sha256` in place of its extension. */
export function digestPathBeside(policyPath: string): string {
  const extension = extname(policyPath);
  return `${extension === '' ? policyPath : policyPath.slice(0, -extension.length)}.sha256`;
}

/**
 * The bytes of a policy file.
 *
 * @throws PolicyError when it is missing, not a regular file, too large or unreadable
 */
export function readPolicyFile(path: string): Uint8Array {
  return readBounded(path, maxPolicyBytes, {
    missing: `policy file not found: ${basename(path)}`,
    tooLarge: `policy file is larger than ${maxPolicyBytes} bytes`,
    unreadable: `policy file cannot be read: ${basename(path)}`,
  });
}

/**
 * The digest that a hash file holds.
 *
 * @throws PolicyError when it is missing, unreadable, or holds none
 */
export function readDigestFile(path: string): string {
  const name = basename(path);
  const bytes = readBounded(path, maxDigestFileBytes, {
    missing: `expected hash file not found: ${name}`,
    tooLarge: `invalid hash in ${name}`,
    unreadable: `expected hash file not found: ${name}`,
  });
  return parseDigestFile(Buffer.from(bytes).toString('utf8'), name);
}

interface Messages {
  readonly missing: string;
  readonly tooLarge: string;
  readonly unreadable: string;
}

function readBounded(path: string, maxBytes: number, messages: Messages): Uint8Array {
  const descriptor = openForReading(path, messages);
  try {
    if (!fstatSync(descriptor).isFile()) throw new PolicyError(messages.unreadable);
    const buffer = Buffer.alloc(maxBytes + 1);
    const length = readFully(descriptor, buffer);
    if (length > maxBytes) throw new PolicyError(messages.tooLarge);
    return buffer.subarray(0, length);
  } catch (cause) {
    if (cause instanceof PolicyError) throw cause;
    throw new PolicyError(messages.unreadable, { cause });
  } finally {
    closeSync(descriptor);
  }
}

function openForReading(path: string, messages: Messages): number {
  try {
    // A pipe in the file's place must not hold the process up.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new PolicyError(isMissing ? messages.missing : messages.unreadable, { cause });
  }
}

function readFully(descriptor: number, buffer: Buffer): number {
  let length = 0;
  while (length < buffer.byteLength) {
    const count = readSync(descriptor, buffer, length, buffer.byteLength - length, null);
    if (count === 0) break;
    length += count;
  }
  return length;
}
