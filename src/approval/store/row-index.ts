import type { ApprovalRow } from './approval-store.js';

/**
 * At most one row for each fingerprint, found by the fingerprint or by the principal that proposed the action.
 *
 * INVARIANT: a fingerprint covers the principal's id, so rows of one fingerprint are all of one principal.
 */
export class RowIndex {
  private readonly byFingerprint = new Map<string, ApprovalRow>();
  private readonly byPrincipal = new Map<string, Map<string, ApprovalRow>>();

  /** The row of a fingerprint. */
  get(fingerprint: string): ApprovalRow | undefined {
    return this.byFingerprint.get(fingerprint);
  }

  /** Puts a row in, in place of the one that has its fingerprint. */
  set(row: ApprovalRow): void {
    const { id } = row.action.principal;
    const theirs = this.byPrincipal.get(id) ?? new Map<string, ApprovalRow>();
    this.byPrincipal.set(id, theirs.set(row.fingerprint, row));
    this.byFingerprint.set(row.fingerprint, row);
  }

  /** Takes a row out, unless another has taken its place. */
  delete({ approval_id, fingerprint, action }: ApprovalRow): void {
    if (this.get(fingerprint)?.approval_id !== approval_id) return;
    this.byFingerprint.delete(fingerprint);
    const theirs = this.byPrincipal.get(action.principal.id);
    theirs?.delete(fingerprint);
    if (theirs?.size === 0) this.byPrincipal.delete(action.principal.id);
  }

  /** All rows, those put in first before the others. */
  values(): IteratorObject<ApprovalRow> {
    return this.byFingerprint.values();
  }

  /** The rows of the actions that a principal proposed. */
  ofPrincipal(id: string): Iterable<ApprovalRow> {
    return this.byPrincipal.get(id)?.values() ?? [];
  }
}
