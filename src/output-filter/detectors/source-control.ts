import { hasBase62Checksum } from '../checksum.js';
import type { Detector } from '../detector.js';
import { isRandomLike } from '../randomness.js';
import { token } from './token.js';

/** A token with GitHub's checksum, or, since one wrong character breaks it, one that looks random. */
function isGithubToken(secret: string): boolean {
  const body = secret.slice(4);
  return hasBase62Checksum(body) || isRandomLike(body);
}

const github = (kind: string, description: string, prefix: string, pattern: RegExp): Detector =>
  token(`github_${kind}`, description, prefix, pattern, `${prefix}<alnum:36>`, {
    validate: isGithubToken,
    passed: [`${prefix}<alnum:20>`, `${prefix}${'a'.repeat(36)}`],
  });

const gitlab = (kind: string, description: string, prefix: string, pattern: RegExp): Detector =>
  token(`gitlab_${kind}`, description, prefix, pattern, `${prefix}<alnum:20>`);

/** Hosts of source code. */
export const sourceControlDetectors: readonly Detector[] = [
  github('pat', 'GitHub personal access token (classic)', 'ghp_', /ghp_[A-Z0-9]{36}/iy),
  github('oauth', 'GitHub OAuth access token', 'gho_', /gho_[A-Z0-9]{36}/iy),
  github('user_token', 'GitHub App user access token', 'ghu_', /ghu_[A-Z0-9]{36}/iy),
  github('server_token', 'GitHub App installation token', 'ghs_', /ghs_[A-Z0-9]{36}/iy),
  github('refresh', 'GitHub App refresh token', 'ghr_', /ghr_[A-Z0-9]{36,76}/iy),
  token(
    'github_fine_grained_pat',
    'GitHub fine-grained personal access token',
    'github_pat_',
    /github_pat_\w{60,90}/y,
    'github_pat_<alnum:22>_<alnum:59>',
  ),
  gitlab('pat', 'GitLab personal access token', 'glpat-', /glpat-[\w.-]{20,}/y),
  gitlab('deploy_token', 'GitLab deploy token', 'gldt-', /gldt-[\w-]{20,}/y),
  gitlab('feed_token', 'GitLab feed token', 'glft-', /glft-[\w-]{20,}/y),
  gitlab('runner_token', 'GitLab runner authentication token', 'glrt-', /glrt-[\w.-]{20,}/y),
  gitlab('runner_registration', 'GitLab runner registration token', 'GR1348941', /GR1348941[\w-]{20,}/y),
  gitlab('ci_job_token', 'GitLab CI/CD job token', 'glcbt-', /glcbt-[\w-]{20,}/y),
  gitlab('trigger_token', 'GitLab pipeline trigger token', 'glptt-', /glptt-[\w-]{20,}/y),
  gitlab('scim_token', 'GitLab SCIM token', 'glsoat-', /glsoat-[\w-]{20,}/y),
  gitlab('agent_token', 'GitLab agent for Kubernetes token', 'glagent-', /glagent-[\w-]{20,}/y),
  gitlab('feature_flags_token', 'GitLab feature flags client token', 'glffct-', /glffct-[\w-]{20,}/y),
  gitlab('incoming_mail_token', 'GitLab incoming mail token', 'glimt-', /glimt-[\w-]{20,}/y),
  gitlab('oauth_secret', 'GitLab OAuth application secret', 'gloas-', /gloas-[\w-]{20,}/y),
  token(
    'gitlab_session',
    'GitLab session cookie',
    '_gitlab_session=',
    /_gitlab_session=[0-9a-f]{32}/y,
    '_gitlab_session=<hex:32>',
    { insideWord: true },
  ),
  token('bitbucket_app_password', 'Bitbucket app password', 'ATBB', /ATBB[\w=-]{28,80}/y, 'ATBB<alnum:32>'),
  token('atlassian_token', 'Atlassian API token', 'ATATT3', /ATATT3[\w=-]{20,}/y, 'ATATT3<alnum:186>'),
  token(
    'atlassian_admin_token',
    'Atlassian organization token',
    'ATCTT3',
    /ATCTT3[\w=-]{20,}/y,
    'ATCTT3<alnum:186>',
  ),
  token('trello_token', 'Trello token', 'ATTA', /ATTA[0-9a-f]{72}/iy, 'ATTA<hex:64><HEX:8>'),
  token(
    'sourcegraph_token',
    'Sourcegraph access token',
    'sgp_',
    /sgp_(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}/y,
    'sgp_<hex:16>_<hex:40>',
    { found: ['sgp_<hex:40>'] },
  ),
  token(
    'sourcegraph_cody_token',
    'Sourcegraph Cody gateway key',
    'slk_',
    /slk_[0-9a-f]{64}/y,
    'slk_<hex:64>',
  ),
];
