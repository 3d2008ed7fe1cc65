import { basename } from 'node:path';
import type { AuditEvent } from '../domain/audit-event.js';
import type { Clock } from '../domain/clock.js';
import { PolicyError } from '../domain/errors.js';
import type { ActivePolicy, PolicySource } from '../domain/policy.js';
import type { BuildTools } from '../domain/tool.js';
import { createActivePolicy, declarationsOf } from './active-policy.js';
import {
  judgeCandidate,
  markFiles,
  readCandidate,
  type CandidateVerdict,
  type FilesMark,
  type PolicyFiles,
} from './candidate.js';
import { digestPathBeside } from './policy-file.js';
import { createPolicyEvent } from './policy-event.js';

/** Where the policy is, and who is told what comes of it. */
export interface PolicyLoaderOptions {
  readonly path: string;
  /** The digest that the policy must have; null where none was given. */
  readonly expectedSha256: string | null;
  /** The file that holds the digest; where neither is given, the one beside the policy counts if it is there. */
  readonly digestPath: string | null;
  readonly buildTools: BuildTools;
  readonly clock: Clock;
  /** Records an event; a policy comes into force only once this has resolved. */
  readonly onEvent: (event: AuditEvent) => Promise<void>;
  /** Told of what kept a look from being finished; it is tried again a second later. */
  readonly onFault: (error: unknown) => void;
}

/** What came of a reload. */
export type ReloadResult =
  | { readonly outcome: 'loaded'; readonly sha256: string }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'rejected'; readonly error: string };

/** Holds the policy in force and replaces it by one assignment, so that a turn sees one policy from start to end. */
export interface PolicyLoader extends PolicySource {
  /**
   * Loads the policy for the first time.
   *
   * @throws PolicyError when it is invalid or not the one that was expected
   */
  load(): Promise<ActivePolicy>;
  /** Looks at the files now, whether they seem changed or not. */
  reload(): Promise<ReloadResult>;
  /** Begins to look at the files once a second. */
  start(): void;
  stop(): void;
}

const lookIntervalMs = 1_000;
/** A file that changed this recently may change again without its marks telling. */
const settlingMs = 2_000;

/** A loader that holds no policy until `load` has resolved, and watches nothing until `start`. */
export function createPolicyLoader(options: PolicyLoaderOptions): PolicyLoader {
  return new FilePolicyLoader(options);
}

class FilePolicyLoader implements PolicyLoader {
  readonly #options: PolicyLoaderOptions;
  readonly #source: string;
  readonly #digestPath: string | null;
  #active: ActivePolicy | null = null;
  #usesDigestFile = false;
  /** Marks of the files as they were last judged; null where they must be read again. */
  #judgedMark: string | null = null;
  /** Contents that were last judged and reported. */
  #judgedKey: string | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: PolicyLoaderOptions) {
    this.#options = options;
    this.#source = basename(options.path);
    const beside = options.expectedSha256 === null ? digestPathBeside(options.path) : null;
    this.#digestPath = options.digestPath ?? beside;
  }

  current(): ActivePolicy | null {
    return this.#active;
  }

  async load(): Promise<ActivePolicy> {
    const result = await this.#inTurn(() => this.#judge('forced'));
    if (result.outcome === 'rejected') throw new PolicyError(result.error);
    if (this.#active === null) throw new PolicyError('policy could not be loaded');
    return this.#active;
  }

  reload(): Promise<ReloadResult> {
    return this.#inTurn(() => this.#judge('forced'));
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#inTurn(() => this.#look()).catch(this.#options.onFault);
    }, lookIntervalMs).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** One look or reload at a time, in order. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #look(): Promise<void> {
    if (markFiles(this.#files()).text !== this.#judgedMark) await this.#judge('if changed');
  }

  #files(): PolicyFiles {
    const requiresDigestFile = this.#options.digestPath !== null || this.#usesDigestFile;
    return { policyPath: this.#options.path, digestPath: this.#digestPath, requiresDigestFile };
  }

  async #judge(mode: 'forced' | 'if changed'): Promise<ReloadResult> {
    const files = this.#files();
    this.#judgedMark = null;
    // The marks are taken before the contents: a change in between shows at the next look.
    const mark = markFiles(files);
    const candidate = readCandidate(files);
    let result: ReloadResult = { outcome: 'unchanged' };
    if (mode === 'forced' || candidate.key !== this.#judgedKey) {
      this.#judgedKey = null;
      const verdict = judgeCandidate(candidate, this.#options.expectedSha256);
      result = await this.#apply(verdict);
      if (result.outcome !== 'rejected') this.#usesDigestFile ||= candidate.fileSha256 !== null;
    }
    this.#judgedKey = candidate.key;
    this.#judgedMark = this.#isSettled(mark) ? mark.text : null;
    return result;
  }

  #isSettled(mark: FilesMark): boolean {
    return mark.changedAt < this.#options.clock.now() - settlingMs;
  }

  async #apply(verdict: CandidateVerdict): Promise<ReloadResult> {
    if (!verdict.ok) return this.#reject(verdict.error, verdict.sha256);
    if (verdict.sha256 === this.#active?.sha256) return { outcome: 'unchanged' };
    const built = this.#build(verdict);
    if (built instanceof PolicyError) return this.#reject(built.message, verdict.sha256);
    // INVARIANT: no policy is in force that the log does not know of; if it cannot be recorded the old one stays.
    await this.#record(verdict.sha256, null);
    this.#active = built;
    return { outcome: 'loaded', sha256: verdict.sha256 };
  }

  #build({ document, sha256 }: Extract<CandidateVerdict, { ok: true }>): ActivePolicy | PolicyError {
    const { buildTools, clock } = this.#options;
    try {
      const tools = buildTools(declarationsOf(document));
      return createActivePolicy({ document, sha256, source: this.#source, loadedAt: clock.now(), tools });
    } catch (cause) {
      return cause instanceof PolicyError ? cause : new PolicyError('policy could not be loaded', { cause });
    }
  }

  async #reject(error: string, sha256: string | null): Promise<ReloadResult> {
    // At start nothing is in force that could have been kept; the process stops and says why.
    if (this.#active !== null) await this.#record(sha256, error);
    return { outcome: 'rejected', error };
  }

  #record(newSha256: string | null, error: string | null): Promise<void> {
    const change = { old_sha256: this.#active?.sha256 ?? null, new_sha256: newSha256 };
    return this.#options.onEvent(createPolicyEvent({ ...change, source: this.#source, error }));
  }
}
