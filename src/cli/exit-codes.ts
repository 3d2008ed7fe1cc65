import { AppError, ConfigError, PolicyError } from '../domain/errors.js';

/** Exit codes of the command line; 78 is `EX_CONFIG` of sysexits. */
export const EXIT = { ok: 0, failed: 1, usage: 2, configuration: 78 } as const;

/** The exit code that a fault deserves. */
export function exitCodeOf(error: unknown): number {
  return error instanceof ConfigError || error instanceof PolicyError ? EXIT.configuration : EXIT.failed;
}

/** A fault in one line for a person: no stack, no path, no payload. */
export function describeFault(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code === 'EADDRINUSE'
      ? 'the port is in use by another process'
      : `system error ${error.code}`;
  }
  return error instanceof Error ? error.message : 'unknown fault';
}
