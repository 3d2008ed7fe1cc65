import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLogPaths } from '../../src/audit/log-paths.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { FaultFileSystem, type Fault, type FaultyOperation } from '../helpers/fault-file-system.js';
import { openTestLog, readLogFile, sampleEvent } from '../helpers/audit.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const operation = fc.constantFrom<FaultyOperation>(
  'append',
  'sync',
  'truncate',
  'open',
  'rename',
  'syncDirectory',
  'identify',
);
const fault = fc.oneof(
  fc.constantFrom<Fault>('EIO', 'ENOSPC', 'EROFS', 'EBADF'),
  fc.record({ takes: fc.nat(2_000), code: fc.constant('EIO') }),
);
const step = fc.record({
  appends: fc.integer({ min: 1, max: 6 }),
  faults: fc.array(fc.tuple(operation, fault), { maxLength: 3 }),
});

describe.each(['os', 'disk'] as const)('the audit log (%s), whatever fails', (durability) => {
  it('holds exactly what it acknowledged, in one whole chain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const directory = temporaryDirectory();
        const fileSystem = new FaultFileSystem();
        let recovered: () => void = () => undefined;
        const log = await openTestLog(directory, {
          fileSystem,
          durability,
          rotateBytes: 8_000,
          probeMilliseconds: 1,
          hooks: { onRecovered: () => recovered() },
        });
        const acknowledged: string[] = [];
        let count = 0;
        for (const { appends, faults } of steps) {
          for (const [failing, how] of faults) {
            fileSystem.failNext(failing, failing === 'append' ? how : typeof how === 'string' ? how : 'EIO');
          }
          const names = Array.from({ length: appends }, () => `req-${(count += 1)}`);
          const outcomes = await Promise.allSettled(
            names.map((name) => log.append(sampleEvent({ request_id: name }))),
          );
          acknowledged.push(...names.filter((_, index) => outcomes[index]!.status === 'fulfilled'));
          if (log.fault() !== null) await new Promise<void>((resolve) => (recovered = resolve));
        }
        // A fault that is still planned may meet the closing.
        await log.close().catch(() => undefined);
        const report = await verifyLog({ paths: [join(directory, 'log')], publicKeys: [], expectHead: null });
        expect(report.problems).toEqual([]);
        const { files } = await findLogPaths([join(directory, 'log')]);
        const written = files
          .flatMap((file) => readLogFile(file))
          .filter((event) => event.event_type === 'tool_allowed')
          .map((event) => event['request_id']);
        expect(written).toEqual(acknowledged);
      }),
      { numRuns: 40 },
    );
  });
});
