import type { Detector } from '../detector.js';
import { isPlaceholder } from '../placeholder.js';
import { RULES } from '../rules.js';

const FOOTER = '-----END';
const DASHES = '-----';

/** The end of a PEM block whose header ends at `end`; without a footer, the end of the text. */
function endOfBlock(text: string, end: number): number {
  const footer = text.indexOf(FOOTER, end);
  if (footer < 0) return text.length;
  const close = text.indexOf(DASHES, footer + FOOTER.length);
  return close < 0 || close > footer + 96 ? footer : close + DASHES.length;
}

/** The rules that hold whoever issued the credential, and the two markers. */
export const coreDetectors: readonly Detector[] = [
  {
    id: 'pattern.private_key',
    description: 'the header of a private key in PEM or PGP armour, and its body',
    rule: RULES.privateKey,
    keywords: ['-----begin'],
    pattern:
      /-----BEGIN[ \t]{1,4}(?:[A-Z0-9]{1,16}[ \t]{1,4}){0,3}PRIVATE[ \t]{1,4}KEY(?:[ \t]{1,4}BLOCK)?[ \t]{0,4}-----/iy,
    insideWord: true,
    extend: endOfBlock,
    sample: () => 'private_key…[REDACTED]',
    examples: {
      found: [
        '-----BEGIN PRIVATE KEY-----\n<base64:64>\n-----END PRIVATE KEY-----',
        '-----BEGIN RSA PRIVATE KEY-----',
        '-----BEGIN EC PRIVATE KEY-----',
        '-----BEGIN DSA PRIVATE KEY-----',
        '-----BEGIN OPENSSH PRIVATE KEY-----',
        '-----BEGIN ENCRYPTED PRIVATE KEY-----',
        '-----BEGIN PGP PRIVATE KEY BLOCK-----',
      ],
      passed: ['-----BEGIN PUBLIC KEY-----', '-----BEGIN CERTIFICATE-----', '-----BEGIN PRIVATE NOTES-----'],
    },
  },
  {
    id: 'secret.ssh2_private_key',
    description: 'the header of a private key in the format of SSH2 (RFC 4716)',
    rule: RULES.privateKey,
    keywords: ['---- begin ssh2'],
    pattern: /---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----/iy,
    insideWord: true,
    sample: () => 'private_key…[REDACTED]',
    examples: {
      found: ['---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----'],
      passed: ['---- BEGIN SSH2 PUBLIC KEY ----'],
    },
  },
  {
    id: 'secret.putty_private_key',
    description: 'a PuTTY private key file',
    rule: RULES.privateKey,
    keywords: ['putty-user-key-file-'],
    pattern: /PuTTY-User-Key-File-\d: [a-z0-9@.-]{4,40}/iy,
    sample: () => 'private_key…[REDACTED]',
    examples: {
      found: ['PuTTY-User-Key-File-3: ssh-ed25519'],
      passed: ['PuTTY-User-Key-File-format'],
    },
  },
  {
    id: 'secret.age_private_key',
    description: 'a private key of the age encryption tool',
    rule: RULES.privateKey,
    keywords: ['age-secret-key-1'],
    pattern: /AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}/iy,
    sample: () => 'private_key…[REDACTED]',
    examples: {
      found: ['AGE-SECRET-KEY-1<bech32upper:58>'],
      passed: ['AGE-SECRET-KEY-1 is the prefix'],
    },
  },
  // Before the signed token, as which three of its parts may be read, so that all of it is covered.
  {
    id: 'secret.jwe',
    description: 'an encrypted JSON Web Token in compact form: five parts, the first a JSON object',
    rule: RULES.jwt,
    keywords: ['eyj'],
    pattern: /(?<![\w-])eyJ[\w-]{1,8192}\.[\w-]{0,1024}\.[\w-]{12,64}\.[\w-]+\.[\w-]{16,64}/y,
    insideWord: true,
    prefix: 'eyJ',
    examples: {
      found: ['eyJ<alnum:40>.<base64url:43>.<base64url:16>.<base64url:60>.<base64url:22>'],
      passed: ['eyJ<alnum:24>.a.b.c.d'],
    },
  },
  {
    id: 'pattern.jwt',
    description: 'a JSON Web Token: three base64url parts, the first two JSON objects',
    rule: RULES.jwt,
    keywords: ['eyj'],
    pattern: /(?<![\w-])eyJ[\w-]{1,8192}\.eyJ[\w-]*\.[\w-]+/y,
    insideWord: true,
    prefix: 'eyJ',
    examples: {
      found: [
        'eyJ<alnum:24>.eyJ<alnum:40>.<base64url:43>',
        'Cookie: id=eyJ<alnum:24>.eyJ<alnum:40>.<base64url:43>;',
      ],
      passed: ['eyJ<alnum:24>.eyJ<alnum:40>', 'eyJ<alnum:12>', 'eyJ<alnum:24>.<alnum:40>.<alnum:10>'],
    },
  },
  {
    id: 'pattern.secret',
    description: 'a key that begins `sk-`, the prefix that many vendors share',
    rule: RULES.secret,
    keywords: ['sk-'],
    pattern: /sk-[\w-]{20,}/iy,
    prefix: 'sk-',
    examples: {
      found: ['sk-<alnum:20>', 'SK-<upper:24>', 'key is sk-live-<alnum:40>.'],
      passed: ['sk-<alnum:12>', 'risk-management-for-large-projects', 'task-sk-1'],
    },
  },
  {
    id: 'tenant.marker_mismatch',
    description: 'a tenant id; a finding only where it is not the tenant of the context',
    rule: RULES.tenantMarker,
    keywords: ['tenantid', 'tenant_id', 'tenant-id'],
    pattern: /tenant[_-]?id["'`\\]{0,3}\s{0,8}[:=]\s{0,8}["'`\\]{0,3}([A-Z0-9](?:[\w.:@-]{0,126}\w)?)/iy,
    insideWord: true,
    validate: (id) => !isPlaceholder(id),
    sample: () => 'tenant_id:[REDACTED]',
    examples: {
      found: ['tenant_id: tenant-b', '"tenantId":"acme"', 'TENANT-ID=other.'],
      passed: ['tenant id', 'tenant_id: string', 'tenant_id:'],
    },
  },
  {
    id: 'classification.marker',
    description: 'a label that says how sensitive a text is',
    rule: RULES.classification,
    keywords: ['classification'],
    pattern:
      /classification["'`\\]{0,3}\s{0,8}[:=]\s{0,8}["'`\\]{0,3}((?:highly[ _-])?(?:sensitive|restricted|confidential)(?![a-z]|-ish))/iy,
    insideWord: true,
    sample: (word) => `classification:${word.toLowerCase()}`,
    examples: {
      found: ['Classification: Restricted', '"classification":"confidential"', 'CLASSIFICATION=sensitive'],
      passed: [
        'classification: public',
        'classification: sensitive-ish',
        'a classification of sensitive plants',
      ],
    },
  },
];
