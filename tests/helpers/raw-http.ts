import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer as it came over the socket. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Every whole answer in what a server sent, in order. */
export function parseAnswers(received: string): readonly RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = received; rest.startsWith('HTTP/1.1 ');) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    const head = rest.slice(0, end);
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    answers.push({ status: Number(head.slice(9, 12)), head, body });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

export async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  // What a server cuts off may end in an error here; what it answered before counts.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are, and gives every answer until the server closes or `isEnough` says so. */
export async function exchange(
  port: number,
  bytes: string | Buffer,
  isEnough: (answers: readonly RawAnswer[]) => boolean = () => false,
): Promise<readonly RawAnswer[]> {
  const socket = await openSocket(port);
  let received = '';
  const done = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('data', (data: Buffer) => {
      received += data.toString('latin1');
      if (isEnough(parseAnswers(received))) resolve();
    });
  });
  socket.write(bytes);
  await done;
  socket.destroy();
  return parseAnswers(received);
}

/** The bytes of a request, with its length stated truly where none is given. */
export function rawPost(path: string, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = {
    host: 'localhost',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
