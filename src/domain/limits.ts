/** Every limit of the wire contract, once. Lengths are UTF-16 code units unless the name says otherwise. */
export const limits = {
  identifierLength: 128,
  correlationIdLength: 128,
  toolNameLength: 128,
  targetLength: 256,
  contextIdLength: 256,
  contextIds: 64,
  /** Chunks, and likewise segments, in one request. */
  contextItems: 256,
  arrayElements: 10_000,
  nesting: 32,
  tokenLength: 8_192,
  scenarioLength: 128,
  signatureLength: 512,
  /** The shortest key of provenance signatures that production starts with. */
  provenanceKeyBytesInProduction: 32,
  sourceLabels: 1_024,
  responseKeys: 1_024,
  /** The caller's part of a reason code, after its colon. */
  reasonDetailLength: 64,
  /** Any string of outside origin in the audit log. */
  auditStringLength: 512,
  /** Findings reported for one text; the count stays exact. */
  findings: 100,
  approvalReasonLength: 500,
  pendingApprovalsPerPrincipal: 100,
  approvalPageSize: 100,
} as const;
