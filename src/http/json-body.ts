import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { limits } from '../domain/limits.js';
import { HttpError, ValidationError } from './errors.js';
import { soleHeaderOf } from './plugins/correlation.js';

/** A fault deep in a value: what is wrong, and the way there, innermost step first. */
interface Fault {
  readonly message: string;
  readonly path: (string | number)[];
}

const found = (message: string, ...path: (string | number)[]): Fault => ({ message, path });

/** The fault with one more step of its way. The way is only written down where there is a fault. */
function under(fault: Fault | null, step: string | number): Fault | null {
  fault?.path.push(step);
  return fault;
}

function findFaultInList(items: readonly unknown[], depth: number): Fault | null {
  if (items.length > limits.arrayElements) return found(`must not exceed ${limits.arrayElements} elements`);
  for (let index = 0; index < items.length; index += 1) {
    const fault = findFault(items[index], depth + 1);
    if (fault !== null) return under(fault, index);
  }
  return null;
}

/**
 * The first thing that JSON allows and this service does not: nesting, long arrays, numbers that lose digits, and keys
 * that reach an object's prototype.
 */
function findFault(value: unknown, depth: number): Fault | null {
  if (typeof value === 'number') {
    // Past 2^53 neighbouring integers are one number: what was decided on would not be what was sent.
    const isExact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
    return isExact ? null : found('must be a finite number, and a safe integer where it is whole');
  }
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= limits.nesting) return found(`must not nest deeper than ${limits.nesting}`);
  if (Array.isArray(value)) return findFaultInList(value, depth);
  // Parsed JSON has no enumerable names but its own.
  for (const key in value) {
    // THREAT: a `__proto__` key that is later copied by assignment would replace a prototype.
    if (key === '__proto__') return found('is not allowed as a name', key);
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof item !== 'object' && typeof item !== 'number') continue;
    const fault = findFault(item, depth + 1);
    if (fault !== null) return under(fault, key);
  }
  return null;
}

/** Parses a body of UTF-8 JSON. @throws HttpError `invalid_json`; ValidationError for JSON that is out of bounds. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new HttpError('invalid_json');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new HttpError('invalid_json');
  }
  const fault = findFault(value, 0);
  if (fault === null) return value;
  const { message, path } = fault;
  throw new ValidationError('body', [{ code: 'custom', path: path.reverse(), message, input: undefined }]);
}

/** THREAT: a coding that this service ignores and a proxy undoes would be two bodies in one. */
function assertPlainTransfer(encoding: string | undefined): void {
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'chunked')
    throw new HttpError('bad_request');
}

/** THREAT: a body in another character set or coding would be read here as something that its sender did not write. */
function assertPlainContent(contentType: string | null | undefined, encoding: string | undefined): void {
  // What nearly all clients send.
  if (contentType === 'application/json' && encoding === undefined) return;
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  const isUtf8Named = ['utf-8', 'utf8'].includes(charset.toLowerCase());
  const isEncoded = encoding !== undefined && encoding.trim().toLowerCase() !== 'identity';
  if (contentType === null || !isUtf8Named || isEncoded) throw new HttpError('unsupported_media_type');
}

/** Makes JSON the only media type, parsed strictly. */
export function registerJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      assertPlainTransfer(request.headers['transfer-encoding']);
      assertPlainContent(soleHeaderOf(request, 'content-type'), request.headers['content-encoding']);
      done(null, parseJsonBody(bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}
