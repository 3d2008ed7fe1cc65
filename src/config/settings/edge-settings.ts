import { BlockList, isIP } from 'node:net';
import { flag, integer, list, word } from '../setting.js';

function isOrigin(item: string): boolean {
  return item === '*' || (URL.canParse(item) && new URL(item).origin === item);
}

/** An address, or a name whose last part is no number: what looks like an address must be one. */
function isHost(value: string): boolean {
  const bare = value.startsWith('[') && value.endsWith(']') ? value.slice(1, -1) : value;
  if (isIP(bare) !== 0) return true;
  const labels = value.split('.');
  const isLabel = (label: string): boolean =>
    label.length <= 63 && /^[a-z\d-]+$/i.test(label) && !/^-|-$/.test(label);
  const isName = value.length <= 253 && labels.every(isLabel);
  return isName && !/^\d+$/.test(labels.at(-1) ?? '');
}

function isAddressOrSubnet(item: string): boolean {
  const [address = '', prefix, ...rest] = item.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) return false;
  new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
  return true;
}

/** Where the service listens, whom it answers, and how much it takes. */
export const EDGE_SETTINGS = {
  host: word('ACP_HOST', '127.0.0.1', 'address to listen on; one that is not loopback needs authentication', {
    isValid: isHost,
  }),
  port: integer('ACP_PORT', 8080, { min: 0, max: 65_535 }, 'port to listen on; 0 takes a free one'),
  allowInsecureBind: flag(
    'ACP_ALLOW_INSECURE_BIND',
    false,
    'listen beyond loopback without authentication, outside production only',
  ),
  allowedHosts: list(
    'ACP_ALLOWED_HOSTS',
    ['localhost', '127.0.0.1', '[::1]'],
    'values of the Host header that are served while authentication is off',
  ),
  trustedProxies: list(
    'ACP_TRUSTED_PROXIES',
    [],
    'addresses or subnets whose X-Forwarded-For counts',
    isAddressOrSubnet,
  ),
  allowedOrigins: list(
    'ACP_ALLOWED_ORIGINS',
    {
      local: ['http://127.0.0.1:8080', 'http://localhost:8080'],
      test: ['http://127.0.0.1:8080'],
      production: [],
    },
    'web origins that may call this service (CORS)',
    isOrigin,
  ),
  maxRequestBodyBytes: integer(
    'ACP_MAX_REQUEST_BODY_BYTES',
    1_048_576,
    { min: 1024, max: 10_485_760 },
    'largest request body, in bytes',
  ),
  rateLimitPerMinute: integer(
    'ACP_RATE_LIMIT_PER_MINUTE',
    { local: 0, test: 0, production: 600 },
    { min: 0, max: 10_000_000 },
    'requests a minute for each principal, and for each address before authentication; 0 is off',
  ),
  enableRateLimitGuidance: flag(
    'ACP_ENABLE_RATE_LIMIT_GUIDANCE',
    true,
    'accepted for compatibility; has no effect',
  ),
  enableApiDocs: flag(
    'ACP_ENABLE_API_DOCS',
    { local: true, test: true, production: false },
    'serve /openapi.json and /docs',
  ),
  enableDebugErrors: flag(
    'ACP_ENABLE_DEBUG_ERRORS',
    { local: true, test: true, production: false },
    'say in 422 answers which field is wrong and why',
  ),
  shutdownTimeoutSeconds: integer(
    'ACP_SHUTDOWN_TIMEOUT_SECONDS',
    10,
    { min: 1, max: 600 },
    'how long a stop may take before it is forced',
  ),
} as const;
