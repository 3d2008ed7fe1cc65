import type { Detector } from '../detector.js';
import { placed, token } from './token.js';

/** Package and image registries, and tools that publish. */
export const registryDetectors: readonly Detector[] = [
  token('npm_token', 'npm access token', 'npm_', /npm_[A-Z0-9]{36}/iy, 'npm_<alnum:36>'),
  placed(
    'npmrc_token',
    'a registry token in .npmrc',
    ['_authtoken', '_auth=', ':_password'],
    /:?_(?:authToken|auth|password)[ \t]{0,4}=[ \t]{0,4}["']?([\w+/=.-]{16,})/iy,
    {
      found: [
        '//packages.example.invalid/:_authToken=<uuid>',
        '_auth=<alnum:40>',
        '//r.example/:_password=<alnum:24>',
      ],
      passed: ['//packages.example.invalid/:_authToken=${NPM_TOKEN}', '_authToken='],
    },
    { insideWord: true },
  ),
  token(
    'pypi_token',
    'PyPI or TestPyPI upload token',
    'pypi-',
    /pypi-AgE[\w-]{50,}/y,
    'pypi-AgEIcHlwaS5vcmc<alnum:120>',
    { found: ['pypi-AgENdGVzdC5weXBpLm9yZw<alnum:100>'] },
  ),
  token('rubygems_key', 'RubyGems API key', 'rubygems_', /rubygems_[0-9a-f]{48}/y, 'rubygems_<hex:48>'),
  token('nuget_key', 'NuGet API key', 'oy2', /oy2[a-z0-9]{43}/y, 'oy2<loweralnum:43>'),
  token(
    'docker_pat',
    'Docker Hub personal access token',
    'dckr_pat_',
    /dckr_pat_[\w-]{27}/y,
    'dckr_pat_<alnum:27>',
  ),
  token(
    'docker_org_token',
    'Docker organization access token',
    'dckr_oat_',
    /dckr_oat_[\w-]{27,32}/y,
    'dckr_oat_<alnum:32>',
  ),
  token(
    'docker_swarm_token',
    'Docker Swarm join or unlock key',
    'SWM',
    /SWM(?:TKN|KEY)-1-[a-z0-9+/-]{40,80}/iy,
    'SWMTKN-1-<loweralnum:50>-<loweralnum:25>',
    { keywords: ['swmtkn-', 'swmkey-'] },
  ),
  token('cratesio_token', 'crates.io API token', 'cio', /cio[A-Z0-9]{32}/iy, 'cio<alnum:32>', {
    validate: (secret) => /\d/.test(secret) && /[A-Z]/.test(secret),
  }),
  token(
    'clojars_token',
    'Clojars deploy token',
    'CLOJARS_',
    /CLOJARS_[a-z0-9]{60}/iy,
    'CLOJARS_<loweralnum:60>',
  ),
  token('artifactory_key', 'Artifactory API key', 'AKC', /AKC[A-Z0-9]{60,}/iy, 'AKCp<alnum:69>'),
  token(
    'artifactory_password',
    'Artifactory encrypted password',
    'AP',
    /(?<![\w+/-])AP[\dA-F][A-Z0-9]{28,72}(?![A-Z0-9])/iy,
    'AP6<alnum:40>',
    {
      keywords: ['ap5', 'ap6', 'apa', 'apb'],
      validate: (secret) =>
        /\d/.test(secret.slice(3)) && /[a-z]/.test(secret) && /[A-Z]/.test(secret.slice(3)),
    },
  ),
  token(
    'artifactory_reference_token',
    'Artifactory reference token',
    'cmVmdGtu',
    /cmVmdGtu[A-Z0-9]{56}/iy,
    'cmVmdGtu<alnum:56>',
  ),
  token(
    'postman_key',
    'Postman API key',
    'PMAK-',
    /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/iy,
    'PMAK-<hex:24>-<hex:34>',
  ),
  token(
    'postman_collection_key',
    'Postman collection access key',
    'PMAT-',
    /PMAT-[A-Z0-9]{24,40}/iy,
    'PMAT-<upperalnum:26>',
  ),
  token('sonar_token', 'SonarQube or SonarCloud token', 'sq', /sq[pua]_[0-9a-f]{40}/iy, 'squ_<hex:40>', {
    keywords: ['sqp_', 'squ_', 'sqa_'],
    found: ['sqp_<hex:40>', 'sqa_<hex:40>'],
  }),
  token(
    'cloudsmith_token',
    'Cloudsmith repository token',
    'csrepo_',
    /csrepo_[A-Z0-9]{40}/iy,
    'csrepo_<alnum:40>',
  ),
  token('jsr_token', 'JSR registry token', 'jsrd_', /jsr[dp]_[A-Z0-9]{40,60}/iy, 'jsrd_<alnum:48>', {
    keywords: ['jsrd_', 'jsrp_'],
  }),
  token(
    'thunderstore_token',
    'Thunderstore service token',
    'tss_',
    /tss_[A-Z0-9]{24,48}/iy,
    'tss_<alnum:38>',
  ),
  placed(
    'maven_password',
    'a password element in a Maven or NuGet settings file',
    ['<password>', '<passphrase>', 'cleartextpassword'],
    /(?:<(?:password|passphrase)>\s{0,16}|ClearTextPassword["']?\s{1,4}value=["'])([^<>"'\s${}]{4,256})(?=\s{0,16}<\/|["'])/iy,
    {
      found: ['<password>hunter2!</password>', '<add key="ClearTextPassword" value="hunter2!" />'],
      passed: ['<password>${env.PASS}</password>', '<password></password>'],
    },
    { insideWord: true },
  ),
];
