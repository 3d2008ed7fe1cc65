import { choice, flag, integer, optional, word } from '../setting.js';
import { MAX_SECONDS } from './periods.js';

/** Where the audit log is, and how it is kept. */
export const AUDIT_SETTINGS = {
  auditLogDir: word(
    'ACP_AUDIT_LOG_DIR',
    './audit_logs',
    'directory of the audit log, on a local file system',
  ),
  auditRetentionDays: integer(
    'ACP_AUDIT_RETENTION_DAYS',
    90,
    { min: 1, max: 3650 },
    'days that audit files and decided approvals are kept',
  ),
  auditDurability: choice(
    'ACP_AUDIT_DURABILITY',
    ['os', 'disk'],
    { local: 'os', test: 'os', production: 'disk' },
    'when an event counts as written: os survives a crash of the process, disk survives power loss',
  ),
  auditRotateBytes: integer(
    'ACP_AUDIT_ROTATE_BYTES',
    104_857_600,
    { min: 65_536, max: 10_737_418_240 },
    'size at which the audit file rotates',
  ),
  auditCheckpointEvents: integer(
    'ACP_AUDIT_CHECKPOINT_EVENTS',
    1000,
    { min: 1, max: 1_000_000 },
    'events between two signed checkpoints',
  ),
  auditCheckpointSeconds: integer(
    'ACP_AUDIT_CHECKPOINT_SECONDS',
    60,
    { min: 1, max: MAX_SECONDS },
    'seconds between two signed checkpoints, where there was an event',
  ),
  auditQueueBytes: integer(
    'ACP_AUDIT_QUEUE_BYTES',
    16_777_216,
    { min: 65_536, max: 1_073_741_824 },
    'bytes of events that may wait for the disk before requests are refused',
  ),
  auditSigningKeyFile: optional(
    'ACP_AUDIT_SIGNING_KEY_FILE',
    'Ed25519 private key (PKCS#8 PEM) that signs checkpoints',
  ),
  auditAcceptNewHead: flag(
    'ACP_AUDIT_ACCEPT_NEW_HEAD',
    false,
    'accept, on record and once, a log that is not as the service left it',
  ),
} as const;
