import type { ApprovalService } from '../domain/approval.js';
import type { AuditLog } from '../domain/audit-event.js';
import type { Clock } from '../domain/clock.js';
import { tellFault, type FaultObserver } from '../domain/fault.js';
import type { IdSource } from '../domain/ids.js';
import type { ApprovalWorkflow } from './gate.js';
import { createApprovalService } from './service.js';
import { generateApprovalKeys, parseApprovalKeys } from './signing-keys.js';
import { openApprovalStore, type StoreHooks, type StoreLocation } from './store/open-store.js';
import { startSweeper } from './sweeper.js';
import { createApprovalTokens } from './token.js';
import { createApprovalWorkflow } from './workflow.js';

/** What the approvals of a process are put together from. */
export interface OpenApprovalsOptions extends StoreHooks {
  readonly store: StoreLocation;
  /** Private keys in PKCS#8 PEM; the first signs, all verify. With none, a key of this process alone is made. */
  readonly signingKeyPems: readonly string[];
  readonly ttlSeconds: number;
  readonly retentionDays: number;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Told of a sweep that failed. */
  readonly onSweepFault: (error: unknown) => void;
  /** Told why the store does not answer when it is asked whether it does. */
  readonly onFault: FaultObserver;
}

/** The human side and the machine side of approvals, over one store. */
export interface OpenApprovals {
  readonly service: ApprovalService;
  readonly workflow: ApprovalWorkflow;
  /** Whether the store answers. Never rejects. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens the store, and builds the workflow over it.
 *
 * @throws StoreError when the store cannot be opened; ConfigError when a key is not usable.
 */
export async function openApprovals(options: OpenApprovalsOptions): Promise<OpenApprovals> {
  const { signingKeyPems, audit, clock, ids, ttlSeconds, retentionDays, onFault, onSweepFault } = options;
  const keys =
    signingKeyPems.length === 0 ? await generateApprovalKeys() : await parseApprovalKeys(signingKeyPems);
  const tokens = createApprovalTokens({ keys });
  const store = await openApprovalStore(options.store, options);
  const service = createApprovalService({ store, audit, tokens, clock, ids, retentionDays });
  const sweeper = startSweeper({ housekeeping: service, onFault: onSweepFault });
  return {
    service,
    workflow: createApprovalWorkflow({ store, tokens, clock, ids, ttlSeconds }),
    isReady: () =>
      store.check().then(
        () => true,
        (error: unknown) => {
          tellFault(onFault, 'approval_store', error);
          return false;
        },
      ),
    async close() {
      await sweeper.stop();
      await store.close();
    },
  };
}
