import type {
  ApprovalGate,
  ApprovalRecord,
  ApprovalResult,
  ApprovalService,
  ApprovalVerdict,
  ProposedAction,
} from '../../src/domain/approval.js';
import type { AuditEvent, AuditLog } from '../../src/domain/audit-event.js';
import { AuditUnavailableError } from '../../src/domain/errors.js';
import type { Principal } from '../../src/domain/principal.js';
import { createApprovalGate } from '../../src/approval/gate.js';
import type { Housekeeping } from '../../src/approval/housekeeping.js';
import { createApprovalService } from '../../src/approval/service.js';
import { generateApprovalKeys } from '../../src/approval/signing-keys.js';
import type { ApprovalStore } from '../../src/approval/store/approval-store.js';
import { createMemoryApprovalStore } from '../../src/approval/store/memory.js';
import { createApprovalTokens, type ApprovalTokens } from '../../src/approval/token.js';
import { createApprovalWorkflow } from '../../src/approval/workflow.js';
import { actionOf, agentOf, approverOf } from './approval-actions.js';
import { nextApprovalId, START } from './approval-filings.js';

/** A log in memory that can be made to fail. */
export class RecordingAuditLog implements AuditLog {
  readonly events: AuditEvent[] = [];
  failing = false;

  append(...events: readonly AuditEvent[]): Promise<void> {
    if (this.failing) return Promise.reject(new AuditUnavailableError('the log is down'));
    this.events.push(...events);
    return Promise.resolve();
  }

  fault(): string | null {
    return this.failing ? 'down' : null;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  types(): string[] {
    return this.events.map(({ event_type }) => event_type);
  }
}

/** Approvals as they are composed, over one store, with a clock that stands still. */
export interface ApprovalWorld {
  readonly store: ApprovalStore;
  readonly audit: RecordingAuditLog;
  readonly service: ApprovalService & Housekeeping;
  readonly gate: ApprovalGate;
  readonly tokens: ApprovalTokens;
  readonly clock: { time: number; now(): number };
  /** Asks the gate as the pipeline does, and writes the transitions of its verdict. */
  propose(action?: Partial<ProposedAction>, token?: string | null): Promise<ApprovalVerdict>;
  /** Proposes without a token and gives the id of the request that was filed. */
  request(action?: Partial<ProposedAction>): Promise<string>;
  approve(id: string, approver?: Principal): Promise<ApprovalResult<ApprovalRecord>>;
  /** The token as the requesting principal fetches it. */
  fetchToken(id: string, principal?: Principal): Promise<string | undefined>;
}

export const TTL_SECONDS = 3_600;

export async function createApprovalWorld(
  options: { store?: ApprovalStore; tokens?: ApprovalTokens } = {},
): Promise<ApprovalWorld> {
  const store = options.store ?? createMemoryApprovalStore();
  const tokens = options.tokens ?? createApprovalTokens({ keys: await generateApprovalKeys() });
  const audit = new RecordingAuditLog();
  const clock = {
    time: START,
    now() {
      return this.time;
    },
  };
  const ids = { next: nextApprovalId };
  const workflow = createApprovalWorkflow({ store, tokens, clock, ids, ttlSeconds: TTL_SECONDS });
  const gate = createApprovalGate({ requireToken: true, workflow });
  const service = createApprovalService({ store, audit, tokens, clock, ids, retentionDays: 90 });

  async function propose(action: Partial<ProposedAction> = {}, token: string | null = null) {
    const verdict = await gate.check(actionOf({ decision_id: nextApprovalId(), ...action }), {
      human_approval: false,
      approval_token: token,
    });
    if ('transitions' in verdict) await audit.append(...verdict.transitions);
    return verdict;
  }

  return {
    store,
    audit,
    service,
    gate,
    tokens,
    clock,
    propose,
    async request(action) {
      const verdict = await propose(action);
      if (verdict.outcome !== 'missing' || verdict.approval === null) throw new Error('expected a request');
      return verdict.approval.approval_id;
    },
    approve: (id, approver = approverOf()) =>
      service.approve({ principal: approver, correlation_id: 'approve-1' }, id, 'looks right'),
    async fetchToken(id, principal = agentOf()) {
      const result = await service.get({ principal, correlation_id: 'fetch-1' }, id);
      return result.ok ? result.value.approval_token : undefined;
    },
  };
}
