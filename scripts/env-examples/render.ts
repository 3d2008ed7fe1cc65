import type { Environment, Setting } from '../../src/config/setting.js';
import { SETTINGS } from '../../src/config/settings.js';

interface EnvExample {
  /** The lines that open the file, without their `#`. */
  readonly preface: readonly string[];
  /** Whose defaults are shown. */
  readonly environment: Environment;
  /** What the file sets; every other variable stands there as a comment with its default. */
  readonly values: Readonly<Record<string, string>>;
  /** What the file may not set at all. */
  readonly omit: readonly string[];
}

const KEYS = '/var/lib/acp/keys';

/** The two example files and what each sets. */
export const ENV_EXAMPLES: Readonly<Record<string, EnvExample>> = {
  '.env.example': {
    preface: [
      'Every setting with its default in local mode. Copy to .env, which is read in local mode only, and take the',
      'hash from the lines to change. ACP_ENVIRONMENT is not one of them: the environment itself must say it.',
    ],
    environment: 'local',
    values: {},
    omit: ['ACP_ENVIRONMENT'],
  },
  '.env.production.example': {
    preface: [
      'Settings for docker-compose.production.yml: copy to .env.production and change what is marked by example',
      'names. Nothing here is secret: keys and passwords are files, made on first use and named below.',
    ],
    environment: 'production',
    values: {
      ACP_ENVIRONMENT: 'production',
      ACP_HOST: '0.0.0.0',
      ACP_ALLOWED_ORIGINS: 'https://console.example.com',
      ACP_ALLOWED_API_KEYS_FILE: `${KEYS}/gateway-keys.txt`,
      ACP_PRINCIPALS_FILE: `${KEYS}/principals.yaml`,
      ACP_AUDIT_SIGNING_KEY_FILE: `${KEYS}/audit-signing.pem`,
      ACP_ENABLE_STRICT_PROVENANCE: 'true',
      ACP_PROVENANCE_HMAC_KEY_FILE: `${KEYS}/provenance.key`,
      ACP_POLICY_SHA256: 'a51ce37eb7f5a880a0d1727ded6b0a27fe3c8e5fefb02b6091055b81011b919d',
      ACP_APPROVAL_STORE: 'postgres',
      ACP_DATABASE_URL: 'postgresql://acp@database:5432/acp',
      ACP_APPROVAL_SIGNING_KEY_FILE: `${KEYS}/approval-signing.pem`,
    },
    omit: [],
  },
};

type Default = (typeof SETTINGS)[keyof typeof SETTINGS]['defaults'][Environment];

function formatDefault(value: Default): string {
  if (value === null) return '';
  return typeof value === 'object' ? value.join(',') : String(value);
}

/** The text of an example file: for each variable of the configuration a line of meaning and its value. */
export function renderEnvExample({ preface, environment, values, omit }: EnvExample): string {
  const set = new Map(Object.entries(values));
  const settings: readonly Setting<Default>[] = Object.values(SETTINGS);
  const blocks = settings
    .filter(({ name }) => !omit.includes(name))
    .map(({ name, meaning, defaults }) => {
      const value = set.get(name);
      const line =
        value === undefined ? `#${name}=${formatDefault(defaults[environment])}` : `${name}=${value}`;
      return `# ${meaning}\n${line}\n`;
    });
  return [`${preface.map((line) => `# ${line}`).join('\n')}\n`, ...blocks].join('\n');
}
