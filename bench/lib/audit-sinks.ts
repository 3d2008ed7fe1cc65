import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditLog } from '../../src/domain/audit-event.js';

const LINE = Buffer.alloc(1_200, 'x');

/** Records nothing. */
export const nullSink: AuditLog = {
  append: () => Promise.resolve(),
  fault: () => null,
  close: () => Promise.resolve(),
};

/** One write and one `fdatasync` for everything that arrived meanwhile: no format, no hash, no chain, no checks. */
export async function openSyncSink(directory: string): Promise<AuditLog> {
  const file = await open(join(directory, 'lines'), 'a');
  let waiting: (() => void)[] = [];
  let isBusy = false;
  const drain = async () => {
    if (isBusy) return;
    isBusy = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await file.write(Buffer.concat(batch.map(() => LINE)));
      await file.datasync();
      for (const resolve of batch) resolve();
    }
    isBusy = false;
  };
  return {
    append: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (!isBusy) setImmediate(() => void drain());
      }),
    fault: () => null,
    close: () => file.close(),
  };
}
