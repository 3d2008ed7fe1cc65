import { join } from 'node:path';
import type { ActiveContent } from './active-log.js';
import { GENESIS, type ChainLink } from './chain.js';
import { scanLogFile, type FileScan } from './file-scan.js';
import type { AuditFileSystem } from './file-system.js';
import { GENESIS_STATE, type ChainState } from './line-builder.js';
import { ACTIVE_FILE, findArchives } from './log-files.js';
import { setTailAside, type PartialFile } from './torn-tail.js';

/** Where a log ends, and the chain with it. */
export interface LogEnd {
  /** Null where the active file must be created. */
  readonly active: ActiveContent | null;
  readonly state: ChainState;
  readonly partials: readonly PartialFile[];
  /** Whether the log contains the head that was asked for; true where none was. */
  readonly hasSought: boolean;
}

/**
 * Finds where a log ends, setting aside a tail that is unterminated or broken.
 *
 * The files are read from the newest back, as far as it takes to find a line to continue and the last checkpoint.
 */
export async function findLogEnd(
  directory: string,
  fileSystem: AuditFileSystem,
  sought: ChainLink | null,
): Promise<LogEnd> {
  const activePath = join(directory, ACTIVE_FILE);
  const archives = findArchives(directory, await fileSystem.list(directory));
  const hasActive = fileSystem.identify(activePath) !== null;
  const paths = archives.map((archive) => archive.path);
  if (hasActive) paths.push(activePath);

  const partials: PartialFile[] = [];
  let state: ChainState | null = null;
  let active: ActiveContent | null = null;
  let hasSought = sought === null;
  for (const path of paths.reverse()) {
    const scan = await scanLogFile(path, sought);
    hasSought ||= scan.hasSought;
    if (state === null) {
      const partial = await setTailAside(path, scan, fileSystem);
      if (partial !== null) partials.push(partial);
    }
    if (path === activePath) active = contentOf(scan);
    state = mergeState(state, scan);
    if (state !== null && state.checkpoint !== GENESIS && (hasSought || isBefore(scan, sought))) break;
  }
  return { active, state: state ?? GENESIS_STATE, partials, hasSought };
}

function contentOf(scan: FileScan): ActiveContent {
  return {
    sizeBytes: scan.end?.endOffset ?? 0,
    firstSeq: scan.first?.seq ?? scan.end?.link.seq ?? 0,
    startedMilliseconds: scan.first === null ? 0 : Date.parse(scan.first.timestamp),
  };
}

/** The newest file says where the chain stands; older ones, as long as none was seen, where its last checkpoint is. */
function mergeState(state: ChainState | null, scan: FileScan): ChainState | null {
  if (scan.end === null) return state;
  const { link, checkpoint, eventsSinceCheckpoint } = scan.end;
  if (state === null) return { head: link, checkpoint: checkpoint ?? GENESIS, eventsSinceCheckpoint };
  if (state.checkpoint !== GENESIS) return state;
  return {
    head: state.head,
    checkpoint: checkpoint ?? GENESIS,
    eventsSinceCheckpoint: state.eventsSinceCheckpoint + eventsSinceCheckpoint,
  };
}

function isBefore(scan: FileScan, sought: ChainLink | null): boolean {
  return sought !== null && scan.first !== null && scan.first.seq <= sought.seq;
}
