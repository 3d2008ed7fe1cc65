import pino, { type DestinationStream, type Logger } from 'pino';

/** How much is logged, and where. */
export interface ApplicationLogOptions {
  readonly level: string;
  /** The output filter's secret redactor. */
  readonly redact: (text: string) => string;
  /** Standard error where none is given. */
  readonly destination?: DestinationStream;
}

/** A chain of causes longer than this has gone in a circle. */
const MAX_CAUSES = 8;

const MAX_MESSAGE_LENGTH = 512;

const STANDARD_ERROR = 2;

interface DescribedError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly at?: string;
}

/** Where in this program an error arose: the first frame of its stack, without the rest of the path. */
function placeOf({ stack }: Error): string | undefined {
  const frame = stack?.split('\n').find((line) => line.startsWith('    at '));
  return frame?.trim().split(/[/\\]/).slice(-2).join('/').replace(/\)$/, '').slice(0, MAX_MESSAGE_LENGTH);
}

/**
 * An error as one line of the log has it: what it is and what caused it, in turn.
 *
 * THREAT: a message of a library may quote what it was given, so that it is redacted and cut like text of a caller.
 */
function describeError(error: unknown, redact: (text: string) => string): readonly DescribedError[] {
  const chain: DescribedError[] = [];
  for (let cause = error; cause !== undefined && cause !== null;) {
    if (chain.length === MAX_CAUSES) break;
    if (!(cause instanceof Error)) {
      chain.push({ type: typeof cause, message: 'something that is no error was thrown' });
      break;
    }
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
    const at = placeOf(cause);
    chain.push({
      type: cause.name,
      ...(code === undefined ? {} : { code }),
      message: redact(cause.message.slice(0, MAX_MESSAGE_LENGTH * 2)).slice(0, MAX_MESSAGE_LENGTH),
      ...(at === undefined ? {} : { at }),
    });
    cause = cause.cause;
  }
  return chain;
}

/** What nobody should log, and nobody does: should it happen all the same, it does not show. */
const NEVER_SHOWN = ['authorization', 'headers', 'body', 'api_key', 'approval_token', 'token', 'password'];

/**
 * Creates the application log: what the process does and what went wrong, one JSON line each, for operators.
 *
 * Decisions are in the audit log, which is something else. This one holds no body, no header and no credential.
 */
export function createApplicationLog({ level, redact, destination }: ApplicationLogOptions): Logger {
  const describe = (error: unknown): readonly DescribedError[] => describeError(error, redact);
  const hidden = (): undefined => undefined;
  const text = (value: unknown): unknown => (typeof value === 'string' ? redact(value) : value);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describe, error: describe, req: hidden, res: hidden, correlation_id: text },
      redact: { paths: NEVER_SHOWN.flatMap((name) => [name, `*.${name}`]), censor: '[not logged]' },
    },
    destination ?? pino.destination({ dest: STANDARD_ERROR, sync: true }),
  );
}
