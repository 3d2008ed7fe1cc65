/** One step of the schema. Numbers are consecutive from 1; a step that was released never changes. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** What the two dialects call the same thing. */
interface Dialect {
  /** Text that sorts by code point, whatever the locale of the database. */
  readonly text: string;
  readonly integer: string;
  readonly boolean: string;
  readonly isUnrecorded: string;
}

function migrationsIn({ text, integer, boolean, isUnrecorded }: Dialect): readonly Migration[] {
  return [
    {
      version: 1,
      name: 'approvals',
      sql: `
        CREATE TABLE approvals (
          approval_id ${text} NOT NULL PRIMARY KEY,
          status TEXT NOT NULL
            CHECK (status IN ('pending', 'approved', 'denied', 'expired', 'revoked', 'consumed')),
          fingerprint TEXT NOT NULL,
          tenant_id TEXT NOT NULL,
          principal_id TEXT NOT NULL,
          created_at ${integer} NOT NULL,
          expires_at ${integer} NOT NULL,
          changed_at ${integer} NOT NULL,
          decided_at ${integer},
          approver_id TEXT,
          decision_reason TEXT,
          consumed_at ${integer},
          transition_id TEXT NOT NULL,
          recorded ${boolean} NOT NULL,
          action TEXT NOT NULL,
          CHECK (status NOT IN ('approved', 'consumed') OR approver_id IS NOT NULL)
        );
        CREATE UNIQUE INDEX approvals_open ON approvals (fingerprint) WHERE status IN ('pending', 'approved');
        CREATE INDEX approvals_due ON approvals (expires_at) WHERE status IN ('pending', 'approved');
        CREATE INDEX approvals_waiting ON approvals (principal_id, expires_at) WHERE status = 'pending';
        CREATE INDEX approvals_denied ON approvals (fingerprint, changed_at) WHERE status = 'denied';
        CREATE INDEX approvals_unrecorded ON approvals (changed_at) WHERE ${isUnrecorded};
        CREATE INDEX approvals_old ON approvals (changed_at)
          WHERE status IN ('denied', 'expired', 'revoked', 'consumed');
        CREATE INDEX approvals_listed ON approvals (created_at DESC, approval_id DESC);
        CREATE INDEX approvals_listed_by_status ON approvals (status, created_at DESC, approval_id DESC);
        CREATE INDEX approvals_listed_by_tenant ON approvals (tenant_id, created_at DESC, approval_id DESC);
      `,
    },
    {
      version: 2,
      name: 'denials by principal',
      sql: `CREATE INDEX approvals_denied_to ON approvals (principal_id, changed_at) WHERE status = 'denied';`,
    },
  ];
}

/** The steps for SQLite, oldest first. */
export const sqliteMigrations = migrationsIn({
  text: 'TEXT',
  integer: 'INTEGER',
  boolean: 'INTEGER',
  isUnrecorded: 'recorded = 0',
});

/** The steps for PostgreSQL, oldest first; text is compared by its bytes, as SQLite does. */
export const postgresMigrations = migrationsIn({
  text: 'TEXT COLLATE "C"',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  isUnrecorded: 'NOT recorded',
});

/** The steps that a database at a version still lacks; null where the database is newer than this program. */
export function pendingMigrations(
  migrations: readonly Migration[],
  currentVersion: number,
): readonly Migration[] | null {
  return currentVersion > migrations.length ? null : migrations.slice(currentVersion);
}
