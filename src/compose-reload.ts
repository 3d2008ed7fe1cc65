import type { Logger } from 'pino';

/** Something that a running service reads anew: it replaces what it holds whole, or throws and keeps it. */
export interface Reloadable {
  readonly name: string;
  reload(): unknown;
}

/**
 * Reads everything anew, in order, and logs what came of it. Never rejects.
 *
 * THREAT: a fault in one file must not keep a key that was removed from another in force.
 */
export async function reloadAll(parts: readonly Reloadable[], logger: Logger): Promise<void> {
  for (const part of parts) {
    try {
      const result = await part.reload();
      logger.info({ part: part.name, ...(result === undefined ? {} : { result }) }, 'read anew');
    } catch (error) {
      logger.error({ part: part.name, err: error }, 'reload failed, what was in force stays in force');
    }
  }
}
