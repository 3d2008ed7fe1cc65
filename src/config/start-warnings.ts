import type { Config } from './settings.js';

/** An API key that can be guessed is no key; those that machines make are longer. */
const MIN_API_KEY_LENGTH = 24;

interface Caution {
  readonly applies: boolean;
  readonly warning: string;
}

function cautionsOf(config: Config): readonly Caution[] {
  const isProduction = config.environment === 'production';
  return [
    {
      applies: config.enableStrictProvenance && config.provenanceHmacKeyFile === null,
      warning: 'strict provenance uses the published lab key, which proves nothing',
    },
    {
      applies: config.approvalSigningKeyFile.length === 0,
      warning: 'approval tokens are signed with a key of this process alone and end with it',
    },
    {
      applies: isProduction && config.approvalStore === 'memory',
      warning: 'approvals are kept in memory and end with this process',
    },
    {
      applies: isProduction && config.auditDurability === 'os',
      warning: 'audit durability os does not survive a loss of power',
    },
    {
      applies: config.trustedProxies.some((proxy) => proxy.endsWith('/0')),
      warning: 'trusted_proxies holds every address, so that any caller chooses the address it is known by',
    },
    {
      applies: config.auditAcceptNewHead,
      warning: 'audit_accept_new_head is set; unset it once the loss is on record',
    },
    {
      applies: config.apiKey !== null && config.apiKey.length < MIN_API_KEY_LENGTH,
      warning: `api_key is shorter than ${MIN_API_KEY_LENGTH} characters and may be guessed`,
    },
  ];
}

/** What an operator should know at start: settings that are allowed, and keep less than they seem to. */
export function startWarnings(config: Config): readonly string[] {
  return cautionsOf(config)
    .filter(({ applies }) => applies)
    .map(({ warning }) => warning);
}
