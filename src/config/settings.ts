import { choice, ENVIRONMENTS } from './setting.js';
import { AUDIT_SETTINGS } from './settings/audit-settings.js';
import { AUTHORITY_SETTINGS } from './settings/authority-settings.js';
import { EDGE_SETTINGS } from './settings/edge-settings.js';
import { IDENTITY_SETTINGS } from './settings/identity-settings.js';
import { TURN_SETTINGS } from './settings/turn-settings.js';

/** Every variable of the configuration, in the order of the documents. The type `Config` follows from it. */
export const SETTINGS = {
  environment: choice(
    'ACP_ENVIRONMENT',
    ENVIRONMENTS,
    'local',
    'the kind of process: local, test or production',
    { echo: true },
  ),
  ...EDGE_SETTINGS,
  ...IDENTITY_SETTINGS,
  ...AUDIT_SETTINGS,
  ...AUTHORITY_SETTINGS,
  ...TURN_SETTINGS,
  logLevel: choice(
    'ACP_LOG_LEVEL',
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    { local: 'info', test: 'silent', production: 'info' },
    'level of the application log on standard error',
  ),
} as const;

type Value<S> = S extends { parse(text: string): infer P }
  ? Extract<P, { ok: true }> extends { value: infer V }
    ? V
    : never
  : never;

/** The name of a setting, as the configuration has it. */
export type SettingKey = keyof typeof SETTINGS;

/** The effective configuration: typed, validated, frozen. */
export type Config = { readonly [K in SettingKey]: Value<(typeof SETTINGS)[K]> };
