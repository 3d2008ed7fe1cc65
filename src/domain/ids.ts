import { randomUUID } from 'node:crypto';

/** Where identifiers come from. Passed in, so that tests can predict them. */
export interface IdSource {
  /** A new identifier that nobody can guess: a random UUID (RFC 9562, version 4). */
  next(): string;
}

/** Identifiers from the platform's cryptographic random source. */
export const randomIds: IdSource = { next: () => randomUUID() };
