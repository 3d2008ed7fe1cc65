import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { limits } from '../domain/limits.js';
import { HttpError, ValidationError } from './errors.js';
import { soleHeaderOf } from './plugins/correlation.js';

function fault(path: readonly (string | number)[], message: string): ValidationError {
  return new ValidationError('body', [{ code: 'custom', path: [...path], message, input: undefined }]);
}

/**
 * Checks what JSON allows and this service does not: nesting, long arrays, numbers that lose digits, and keys that
 * reach an object's prototype.
 *
 * @throws ValidationError at the first fault.
 */
function assertBounded(value: unknown, path: (string | number)[]): void {
  if (typeof value === 'number') {
    // Past 2^53 neighbouring integers are one number: what was decided on would not be what was sent.
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw fault(path, 'must be a finite number, and a safe integer where it is whole');
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= limits.nesting) throw fault(path, `must not nest deeper than ${limits.nesting}`);
  if (Array.isArray(value)) {
    if (value.length > limits.arrayElements)
      throw fault(path, `must not exceed ${limits.arrayElements} elements`);
    for (const [index, item] of value.entries()) assertBounded(item, [...path, index]);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    // THREAT: a `__proto__` key that is later copied by assignment would replace a prototype.
    if (key === '__proto__') throw fault([...path, key], 'is not allowed as a name');
    if (typeof item === 'object' || typeof item === 'number') assertBounded(item, [...path, key]);
  }
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
  assertBounded(value, []);
  return value;
}

/** THREAT: a coding that this service ignores and a proxy undoes would be two bodies in one. */
function assertPlainTransfer(encoding: string | undefined): void {
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'chunked')
    throw new HttpError('bad_request');
}

/** THREAT: a body in another character set or coding would be read here as something that its sender did not write. */
function assertPlainContent(contentType: string | null | undefined, encoding: string | undefined): void {
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
