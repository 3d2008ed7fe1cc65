import type { ApprovalStore } from './approval-store.js';

/** Which store keeps approvals, and where. */
export type StoreLocation =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly connectionString: string };

/** What a store tells besides its answers. */
export interface StoreHooks {
  /** Told of the fault of an idle connection: nothing was lost, and the next operation opens a new one. */
  readonly onIdleFault: (error: Error) => void;
}

/**
 * Opens the store of a process and brings its schema up to date. The drivers of the others are not loaded.
 *
 * @throws StoreError when it cannot be opened.
 */
export async function openApprovalStore(
  location: StoreLocation,
  { onIdleFault }: StoreHooks,
): Promise<ApprovalStore> {
  switch (location.kind) {
    case 'memory': {
      const { createMemoryApprovalStore } = await import('./memory.js');
      return createMemoryApprovalStore();
    }
    case 'sqlite': {
      const { createSqliteApprovalStore } = await import('./sqlite.js');
      return createSqliteApprovalStore({ path: location.path });
    }
    case 'postgres': {
      const { createPostgresApprovalStore } = await import('./postgres.js');
      return createPostgresApprovalStore({ connectionString: location.connectionString, onIdleFault });
    }
  }
}
