import { basename, join } from 'node:path';
import type { ActiveContent } from './active-log.js';
import { GENESIS, type ChainLink } from './chain.js';
import { follows, scanLogFile, type FileScan, type Vouchers } from './file-scan.js';
import type { AuditFileSystem } from './file-system.js';
import { GENESIS_STATE, type ChainState } from './line-builder.js';
import { ACTIVE_FILE, findArchives } from './log-files.js';
import type { LogLine } from './log-line.js';
import type { TornTail } from './torn-tail.js';

/** Lines that nobody vouches for. */
export interface LineRange {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Where a log ends, and the chain with it. */
export interface LogEnd {
  /** Null where the active file must be created. */
  readonly active: ActiveContent | null;
  readonly state: ChainState;
  /** What stands behind the end and is no part of the log. */
  readonly tails: readonly TornTail[];
  /** The lines behind the last that vouches for those before it; null where there are none. */
  readonly unvouched: LineRange | null;
  /** A line among those that does not follow the line before it, although both are whole. */
  readonly damage: { readonly file: string; readonly line: number } | null;
  /** Whether the log contains the known head; true where none is known. */
  readonly hasKnown: boolean;
}

/**
 * Finds where a log ends. Changes nothing.
 *
 * The files are read from the newest back, as far as it takes to find a line to continue, the last checkpoint, and the
 * last line that vouches for those before it.
 */
export async function findLogEnd(
  directory: string,
  fileSystem: AuditFileSystem,
  vouchers: Vouchers,
): Promise<LogEnd> {
  const activePath = join(directory, ACTIVE_FILE);
  const archives = findArchives(directory, await fileSystem.list(directory));
  const paths = archives.map((archive) => archive.path);
  if (fileSystem.identify(activePath) !== null) paths.push(activePath);

  const search = new EndSearch(vouchers);
  let active: ActiveContent | null = null;
  for (const path of paths.reverse()) {
    const scan = await scanLogFile(path, vouchers);
    if (path === activePath) active = contentOf(scan);
    search.accept(path, scan);
    if (search.isDone) break;
  }
  return { active, ...search.result() };
}

interface FileBeginning {
  readonly file: string;
  readonly first: LogLine | null;
}

/** Puts together what the files show, from the newest back. */
class EndSearch {
  readonly #known: ChainLink | null;
  readonly #tails: TornTail[] = [];
  #state: ChainState | null = null;
  #vouched: ChainLink | null = null;
  #damage: LogEnd['damage'] = null;
  #firstSeq = 1;
  /** The beginning of the file that was read before, where its lines are continued. */
  #newer: FileBeginning | null = null;
  #hasKnown: boolean;
  isDone = false;

  constructor({ known }: Vouchers) {
    this.#known = known;
    this.#hasKnown = known === null;
  }

  accept(path: string, scan: FileScan): void {
    if (this.#state === null && scan.sizeBytes > (scan.end?.endOffset ?? 0)) this.#tails.push({ path, scan });
    if (this.#vouched === null) this.#findDamage(path, scan);
    this.#vouched ??= scan.vouched;
    this.#hasKnown ||= scan.hasKnown;
    this.#firstSeq = scan.first?.seq ?? this.#firstSeq;
    this.#state = mergeState(this.#state, scan);
    const isFarEnough = this.#hasKnown || isBefore(scan, this.#known);
    this.isDone =
      this.#state !== null && this.#state.checkpoint !== GENESIS && this.#vouched !== null && isFarEnough;
  }

  /** THREAT: lines cut off the end of an archive, or off the beginning of a file, leave each file whole by itself. */
  #findDamage(path: string, scan: FileScan): void {
    const file = basename(path);
    if (this.#newer !== null && scan.sizeBytes > 0) {
      const { first } = this.#newer;
      const isWholeToItsEnd = scan.end?.endOffset === scan.sizeBytes;
      if (!isWholeToItsEnd || first === null || !follows(first, scan.end.link))
        this.#damage = { file: this.#newer.file, line: 1 };
    }
    if (scan.damagedLine !== null) this.#damage = { file, line: scan.damagedLine };
    if (scan.sizeBytes > 0) this.#newer = scan.end === null ? null : { file, first: scan.first };
  }

  result(): Omit<LogEnd, 'active'> {
    const state = this.#state ?? GENESIS_STATE;
    const firstSeq = this.#vouched === null ? this.#firstSeq : this.#vouched.seq + 1;
    const lastSeq = state.head.seq;
    return {
      state,
      tails: this.#tails,
      unvouched: lastSeq < firstSeq ? null : { firstSeq, lastSeq },
      damage: this.#damage,
      hasKnown: this.#hasKnown,
    };
  }
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

function isBefore(scan: FileScan, known: ChainLink | null): boolean {
  return known !== null && scan.first !== null && scan.first.seq <= known.seq;
}
