import type { Socket } from 'node:net';

/** How long a client has to read its answer and close. */
const LINGER_MILLISECONDS = 1_000;

/**
 * Closes our side once all that is written has gone, and the whole connection when the client closes its side, or
 * after a second.
 *
 * INVARIANT: an answer that was written can be read. A socket that is closed while the client still sends makes the
 * kernel reset the connection, and throw away what the client has not yet taken (RFC 9112, section 9.6).
 *
 * @param last sent before the end
 */
export function lingerThenClose(socket: Socket, last?: string): void {
  if (socket.writableEnded) return;
  const giveUp = (): void => {
    setTimeout(() => socket.destroy(), LINGER_MILLISECONDS).unref();
  };
  if (last === undefined) socket.end(giveUp);
  else socket.end(last, giveUp);
}
