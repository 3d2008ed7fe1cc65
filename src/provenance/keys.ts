import { createSecretKey, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ConfigError } from '../domain/errors.js';

/** The keys of provenance signatures. */
export interface ProvenanceKeys {
  /** The newest. */
  readonly signing: KeyObject;
  /** Any of these makes a signature valid. */
  readonly verification: readonly KeyObject[];
}

/**
 * The published key with which strict mode can be tried out. It is known to everyone, so it proves nothing; whoever
 * starts with it is told so, and production refuses to.
 */
export const LAB_PROVENANCE_KEY = 'published-lab-key-proves-nothing-do-not-use-outside-a-lab';

/** Keys made from nothing but the published one. */
export function createLabProvenanceKeys(): ProvenanceKeys {
  return keysOf([Buffer.from(LAB_PROVENANCE_KEY)]);
}

/** Keys from raw bytes, newest first. */
function keysOf(newestFirst: readonly Uint8Array[]): ProvenanceKeys {
  const verification = newestFirst.map((bytes) => createSecretKey(bytes));
  const [signing] = verification;
  if (signing === undefined) throw new TypeError('at least one key is needed');
  return Object.freeze({ signing, verification: Object.freeze(verification) });
}

const maxKeyBytes = 65_536;
const maxKeyFiles = 64;

/** What a key must be to be taken. */
export interface KeyFileOptions {
  /** Shortest key accepted; production wants 32. */
  readonly minimumBytes: number;
}

interface KeyFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly modifiedAt: bigint;
}

function readKeyFile(path: string, { minimumBytes }: KeyFileOptions): KeyFile {
  const name = basename(path);
  const status = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (status?.isFile() !== true) throw new ConfigError([`provenance key file not found: ${name}`]);
  if (status.size > maxKeyBytes) throw new ConfigError([`provenance key file is too large: ${name}`]);
  const bytes = readBytes(path, name);
  if (bytes.byteLength === 0) throw new ConfigError([`provenance key file is empty: ${name}`]);
  if (bytes.byteLength < minimumBytes) {
    throw new ConfigError([`provenance key file is shorter than ${minimumBytes} bytes: ${name}`]);
  }
  return { name, bytes, modifiedAt: status.mtimeNs };
}

function readBytes(path: string, name: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new ConfigError([`provenance key file cannot be read: ${name}`]);
  }
}

function listNames(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    throw new ConfigError([`provenance key directory cannot be read: ${basename(path)}`]);
  }
}

/** Newest first; of two as new as each other, the one whose name sorts last. */
function byAge(left: KeyFile, right: KeyFile): number {
  if (left.modifiedAt !== right.modifiedAt) return left.modifiedAt < right.modifiedAt ? 1 : -1;
  return left.name < right.name ? 1 : -1;
}

/**
 * Reads a key file, whose bytes are the key, or a directory of them; hidden entries in it are skipped.
 *
 * @throws ConfigError naming the file (base name only) that is missing, empty, too short or unreadable
 */
export function loadProvenanceKeys(
  path: string,
  options: KeyFileOptions = { minimumBytes: 1 },
): ProvenanceKeys {
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isDirectory) return keysOf([readKeyFile(path, options).bytes]);
  const names = listNames(path).filter((name) => !name.startsWith('.'));
  if (names.length === 0) throw new ConfigError([`provenance key file not found: ${basename(path)}`]);
  if (names.length > maxKeyFiles) throw new ConfigError([`too many provenance key files: ${basename(path)}`]);
  const files = names.map((name) => readKeyFile(join(path, name), options));
  return keysOf(files.toSorted(byAge).map(({ bytes }) => bytes));
}
