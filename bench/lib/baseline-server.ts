/**
 * The least that a Fastify route can do and still answer the same: parse the body, send a fixed answer; and, in the
 * other modes, wait for one line of the size of an audit event to be appended in a group, with or without fdatasync.
 */
import { open, type FileHandle } from 'node:fs/promises';
import Fastify from 'fastify';

const {
  BASELINE_MODE: mode = 'echo',
  BASELINE_ANSWER: answerText = '{}',
  BASELINE_FILE: file = '',
} = process.env;
const answer: unknown = JSON.parse(answerText);

/** As long as an audit event of an allowed turn. */
const LINE = `${'x'.repeat(1150)}\n`;

/** Appends lines in groups: those that arrive during a write go together in the next one. */
class GroupAppender {
  readonly #handle: FileHandle;
  readonly #sync: boolean;
  #waiting: (() => void)[] = [];
  #isWriting = false;

  constructor(handle: FileHandle, sync: boolean) {
    this.#handle = handle;
    this.#sync = sync;
  }

  append(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#isWriting) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#handle.write(LINE.repeat(group.length));
      if (this.#sync) await this.#handle.datasync();
      for (const resolve of group) resolve();
    }
    this.#isWriting = false;
  }
}

const app = Fastify();
if (mode === 'echo') {
  app.post('/*', () => Promise.resolve(answer));
} else {
  const appender = new GroupAppender(await open(file, 'a'), mode === 'fdatasync');
  app.post('/*', async () => {
    await appender.append();
    return answer;
  });
}
process.on('SIGTERM', () => process.exit(0));
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
