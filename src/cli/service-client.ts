import { readFileSync } from 'node:fs';
import { checkPrivateUrl } from '../domain/loopback.js';

/** Where a service listens that was started with nothing configured. */
export const DEFAULT_SERVICE_URL = 'http://127.0.0.1:8080';

/** A service that could not be asked, or said no. */
export class ServiceAnswerError extends Error {
  override readonly name = 'ServiceAnswerError';
}

/** The address of a service that is asked with a key. @throws ServiceAnswerError */
export function parseServiceUrl(text: string): URL {
  const url = checkPrivateUrl(text);
  if (url !== null) return url;
  throw new ServiceAnswerError('the URL must be https, or http on this machine: the key goes with it');
}

/**
 * The header that carries the caller's key.
 *
 * THREAT: a key on the command line is seen by every user of the machine, so it comes from a file.
 *
 * @param file with the API key or token; `-` is standard input
 * @throws ServiceAnswerError where it holds none; the operating system's error where it cannot be read
 */
export function readCredential(file: string): { readonly authorization: string } {
  const key = readFileSync(file === '-' ? 0 : file, 'utf8').trim();
  if (key === '') throw new ServiceAnswerError('the key file is empty');
  return { authorization: `Bearer ${key}` };
}
