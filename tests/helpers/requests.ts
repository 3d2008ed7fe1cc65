/** A body that `POST /run` accepts; every value is made up. */
export function runBody(fields: object = {}): Record<string, unknown> {
  return {
    request_id: 'req-1',
    user_id: 'user-1',
    session_id: 'session-1',
    tenant_id: 'tenant-a',
    user_message: 'please look this up',
    ...fields,
  };
}

/** Provenance of a trusted model turn. */
export const TRUSTED_MODEL = { source: 'model', trust: 'trusted', context_ids: ['model-turn'] } as const;

/** A call that every check passes. */
export const SAFE_CALL = {
  tool_name: 'read_records',
  arguments: { record_ids: ['r-1'] },
  target: 'tenant-a',
  provenance: TRUSTED_MODEL,
} as const;

/** A body that `POST /v1/authorize` accepts, with a call that is a safe one but for what is given. */
export function authorizeBody(toolCall: object = {}, fields: object = {}): Record<string, unknown> {
  return {
    request_id: 'req-1',
    user_id: 'user-1',
    session_id: 'session-1',
    tenant_id: 'tenant-a',
    tool_call: { ...SAFE_CALL, ...toolCall },
    ...fields,
  };
}
