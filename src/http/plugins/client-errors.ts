import type { Socket } from 'node:net';
import type { Metrics } from '../../domain/metrics.js';
import { HTTP_STATUS, type ErrorCode } from '../errors.js';
import { lingerThenClose } from '../linger.js';

const REASON_PHRASE: Partial<Record<ErrorCode, string>> = {
  bad_request: 'Bad Request',
  request_timeout: 'Request Timeout',
  headers_too_large: 'Request Header Fields Too Large',
};

function codeOf(error: NodeJS.ErrnoException): ErrorCode {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  return 'bad_request';
}

/** Answers what is not a readable HTTP request, before there is a request to answer, and closes the connection. */
export function createClientErrorHandler(metrics: Metrics) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const code = codeOf(error);
    metrics.refused(code);
    const body = JSON.stringify({ detail: code });
    lingerThenClose(
      socket,
      `HTTP/1.1 ${HTTP_STATUS[code]} ${REASON_PHRASE[code] ?? 'Bad Request'}\r\n` +
        `content-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n` +
        `connection: close\r\n\r\n${body}`,
    );
  };
}
