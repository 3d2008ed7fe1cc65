import { z } from 'zod';
import { approvalStatusSchema } from '../../domain/approval.js';
import { StoreError } from '../../domain/errors.js';
import { storedActionSchema } from '../stored-action.js';
import type { ApprovalRow } from './approval-store.js';

/** The columns of both databases, in the order in which `columnsOf` gives their values. */
export const COLUMNS = [
  'approval_id',
  'status',
  'fingerprint',
  'tenant_id',
  'principal_id',
  'created_at',
  'expires_at',
  'changed_at',
  'decided_at',
  'approver_id',
  'decision_reason',
  'consumed_at',
  'transition_id',
  'recorded',
  'action',
] as const;

/** 64-bit integers come as numbers from SQLite, as text from PostgreSQL. */
const timeSchema = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int());

const columnsSchema = z.object({
  approval_id: z.string(),
  status: approvalStatusSchema,
  fingerprint: z.string(),
  created_at: timeSchema,
  expires_at: timeSchema,
  changed_at: timeSchema,
  decided_at: timeSchema.nullable(),
  approver_id: z.string().nullable(),
  decision_reason: z.string().nullable(),
  consumed_at: timeSchema.nullable(),
  transition_id: z.string(),
  recorded: z.union([z.boolean(), z.literal([0, 1]).transform((flag) => flag === 1)]),
  action: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(storedActionSchema),
});

/** A database's row as the store gives it. @throws StoreError where it is not one that a store wrote */
export function parseRow(columns: unknown): ApprovalRow {
  try {
    return columnsSchema.parse(columns);
  } catch (cause) {
    throw new StoreError('a row of the approval store is not readable', { cause });
  }
}

/** The values of a new row, in the order of `COLUMNS`. */
export function columnsOf(row: ApprovalRow): (string | number | null)[] {
  return [
    row.approval_id,
    row.status,
    row.fingerprint,
    row.action.tenant_id,
    row.action.principal.id,
    row.created_at,
    row.expires_at,
    row.changed_at,
    row.decided_at,
    row.approver_id,
    row.decision_reason,
    row.consumed_at,
    row.transition_id,
    row.recorded ? 1 : 0,
    JSON.stringify(row.action),
  ];
}
