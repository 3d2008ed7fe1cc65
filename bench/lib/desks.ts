import { hash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** A tenant with an agent that proposes and a human who approves, and their keys. */
export interface Desk {
  readonly tenant_id: string;
  readonly user_id: string;
  readonly agentKey: string;
  readonly approverKey: string;
}

const newKey = (): string => randomBytes(32).toString('hex');
const digestOf = (key: string): string => hash('sha256', key, 'hex');

/** Makes so many desks with keys of their own, and the principals file that a service knows them by. */
export function createDesks(count: number, principalsFile: string): readonly Desk[] {
  const desks = Array.from({ length: count }, (_, index) => ({
    tenant_id: `tenant-${index}`,
    user_id: `user-${index}`,
    agentKey: newKey(),
    approverKey: newKey(),
  }));
  const principals = desks.flatMap(({ tenant_id, user_id, agentKey, approverKey }, index) => [
    {
      id: `agent-${index}`,
      kind: 'agent',
      key_sha256: digestOf(agentKey),
      users: [user_id],
      grants: [{ tenant: tenant_id, roles: ['user'] }],
      scopes: ['run', 'authorize'],
    },
    {
      id: `approver-${index}`,
      kind: 'human',
      key_sha256: digestOf(approverKey),
      grants: [{ tenant: tenant_id, roles: ['approver'] }],
      scopes: ['approve'],
    },
  ]);
  // JSON is YAML.
  writeFileSync(principalsFile, JSON.stringify({ principals }), { mode: 0o600 });
  return desks;
}
