/**
 * Verification of a large log: MB/s and the most memory the process ever used, for a log of 1 GB in files of 100 MiB.
 *
 * Usage: tsx bench/audit-verify.ts [megabytes]. The log is made first, and deleted after.
 */
import { generateKeyPairSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createLineFormatter } from '../src/audit/line-format.js';
import { GENESIS_STATE, LineBuilder } from '../src/audit/line-builder.js';
import { archiveName } from '../src/audit/log-files.js';
import { createAuditSigner } from '../src/audit/signing-key.js';
import { verifyLog } from '../src/audit/verify/verify-log.js';
import { systemClock } from '../src/domain/clock.js';
import { benchEvent } from './lib/audit-event.js';

const MEGABYTE = 1024 * 1024;
const FILE_BYTES = 100 * MEGABYTE;
const CHECKPOINT_EVENTS = 1_000;
const PIECE_LINES = 1_000;

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** Writes a log without waiting for it, since only its content matters. */
function makeLog(directory: string, totalBytes: number): void {
  const signer = createAuditSigner(privateKey);
  const format = createLineFormatter({ clean: (text) => text, argumentsKey: signer.argumentsKey });
  const builder = new LineBuilder({ format, clock: systemClock, signer, instanceId: 'bench' }, GENESIS_STATE);
  let written = 0;
  while (written < totalBytes) {
    const fd = openSync(join(directory, archiveName(builder.state().head.seq + 1)), 'wx', 0o600);
    for (let size = 0; size < FILE_BYTES && written < totalBytes;) {
      const lines: Buffer[] = [];
      for (let count = 0; count < PIECE_LINES; count += 1) {
        lines.push(builder.event(benchEvent(count)));
        if (builder.eventsSinceCheckpoint >= CHECKPOINT_EVENTS) lines.push(builder.checkpoint());
      }
      const piece = Buffer.concat(lines);
      writeSync(fd, piece);
      size += piece.length;
      written += piece.length;
    }
    closeSync(fd);
  }
}

const megabytes = Number(process.argv[2] ?? '1024');
const directory = mkdtempSync(join(tmpdir(), 'acp-bench-'));
if (process.env['ACP_BENCH_LOG'] === undefined) {
  makeLog(directory, megabytes * MEGABYTE);
  // A process of its own, so that the memory is that of verification alone.
  const { spawnSync } = await import('node:child_process');
  spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: {
      ...process.env,
      ACP_BENCH_LOG: directory,
      ACP_BENCH_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
  });
} else {
  const { createPublicKey } = await import('node:crypto');
  const key = createPublicKey(process.env['ACP_BENCH_KEY'] ?? '');
  const start = performance.now();
  const report = await verifyLog({
    paths: [process.env['ACP_BENCH_LOG']],
    publicKeys: [key],
    expectHead: null,
  });
  const seconds = (performance.now() - start) / 1_000;
  console.log(
    `${report.event_count} events, ${report.files.length} files, ${Math.round(report.byte_count / MEGABYTE)} MiB, ` +
      `${report.checkpoint_count} signatures: ${report.whole ? 'whole' : 'NOT WHOLE'} in ${seconds.toFixed(1)} s, ` +
      `${Math.round(report.byte_count / MEGABYTE / seconds)} MiB/s, ` +
      `at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB of memory`,
  );
}
rmSync(directory, { recursive: true });
