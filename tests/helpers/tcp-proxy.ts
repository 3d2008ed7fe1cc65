import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A proxy before a server on this machine, whose network a test can take away. */
export interface TcpProxy {
  readonly port: number;
  /** Lets nothing through, in either direction, without closing anything. */
  stall(): void;
  /** Lets requests through and holds back every answer. */
  holdAnswers(): void;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Lets everything through again. */
  heal(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  /** The sockets that answers come from. */
  const upstream = new Set<Socket>();
  let state: 'open' | 'stalled' | 'cut' = 'open';

  function track(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    if (state === 'stalled') socket.pause();
  }

  const server = createServer((incoming) => {
    if (state === 'cut') {
      incoming.destroy();
      return;
    }
    const outgoing = connect(targetPort, '127.0.0.1');
    for (const socket of [incoming, outgoing]) track(socket);
    upstream.add(outgoing);
    outgoing.on('close', () => upstream.delete(outgoing));
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      from.on('data', (bytes) => to.write(bytes));
      from.on('close', () => to.destroy());
    }
    if (state === 'stalled') for (const socket of [incoming, outgoing]) socket.pause();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    stall() {
      state = 'stalled';
      for (const socket of sockets) socket.pause();
    },
    holdAnswers() {
      for (const socket of upstream) socket.pause();
    },
    cut() {
      state = 'cut';
      dropAll();
    },
    heal() {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
    async close() {
      dropAll();
      server.close();
      await once(server, 'close');
    },
  };
}
