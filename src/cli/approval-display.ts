import pc from 'picocolors';
import type { ApprovalPage, ApprovalRecord, ApprovalStatus } from '../domain/approval.js';
import { showInvisible } from '../domain/visible.js';

const COLOURS: Readonly<Record<ApprovalStatus, (text: string) => string>> = {
  pending: pc.yellow,
  approved: pc.green,
  denied: pc.red,
  expired: pc.dim,
  revoked: pc.red,
  consumed: pc.cyan,
};

// THREAT: what answers at the address may not be the service, so nothing that it sends reaches the terminal as it is,
// although a record has shown such characters by name already.
function show(value: unknown): string {
  if (value === null) return pc.dim('(none)');
  return typeof value === 'string' ? showInvisible(value) : showInvisible(JSON.stringify(value));
}

function block(value: unknown): string[] {
  return JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => `    ${showInvisible(line)}`);
}

/** An action as its record shows it, line by line: what a human reads before deciding. */
export function displayRecord(record: ApprovalRecord): string[] {
  const field = (label: string, value: unknown): string => `  ${label.padEnd(14)} ${show(value)}`;
  const effects = [record.external_effect ? 'external' : null, record.destructive ? 'destructive' : null];
  const identity = `${record.principal_id} (${record.identity_assurance})`;
  return [
    `${pc.bold(showInvisible(record.approval_id))}  ${COLOURS[record.status](record.status)}`,
    field('tool', record.tool_name),
    field('target', record.target),
    field('risk', [record.risk_level, ...effects.filter((effect) => effect !== null)].join(', ')),
    '  arguments',
    ...block(record.arguments),
    '  provenance',
    ...block(record.provenance),
    field('asked by rule', record.reason),
    field('for user', `${record.user_id} as ${record.role} in ${record.tenant_id}`),
    field('session', record.session_id),
    field('asked by', identity),
    field('fingerprint', record.fingerprint),
    field('policy', record.policy_sha256),
    field('asked at', record.created_at),
    field('expires at', record.expires_at),
    ...(record.approver_id === null
      ? []
      : [
          field('decided by', record.approver_id),
          field('decided at', record.decided_at),
          field('because', record.decision_reason),
        ]),
    ...(record.consumed_at === null ? [] : [field('used at', record.consumed_at)]),
    ...record.warnings.map((warning) => `  ${pc.red('warning')}        ${showInvisible(warning)}`),
  ];
}

/** A page of requests, one a line. */
export function displayPage({ approvals, next_cursor }: ApprovalPage): string[] {
  const lines = approvals.map((record) =>
    [
      showInvisible(record.approval_id),
      COLOURS[record.status](record.status.padEnd(8)),
      record.risk_level.padEnd(8),
      showInvisible(record.tool_name),
      `${showInvisible(record.user_id)}@${showInvisible(record.tenant_id)}`,
      `expires ${showInvisible(record.expires_at)}`,
      ...(record.warnings.length === 0 ? [] : [pc.red('warnings')]),
    ].join('  '),
  );
  if (lines.length === 0) lines.push('no requests');
  if (next_cursor !== null) lines.push(pc.dim(`more: --cursor ${showInvisible(next_cursor)}`));
  return lines;
}
