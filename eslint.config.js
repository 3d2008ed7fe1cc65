import js from '@eslint/js';
import n from 'eslint-plugin-n';
import regexp from 'eslint-plugin-regexp';
import security from 'eslint-plugin-security';
import tseslint from 'typescript-eslint';

/** Folders that know only `domain`; what two of them share belongs in `domain` or is passed in by `compose`. */
const leaves = [
  'prompt',
  'agent',
  'output-filter',
  'tools',
  'policy',
  'provenance',
  'approval',
  'identity',
  'audit',
  'config',
  'telemetry',
];

/** Who may import whom, one way only: each place, and the places in `src/` that it may reach. */
const mayImport = {
  domain: [],
  ...Object.fromEntries(leaves.map((leaf) => [leaf, ['domain']])),
  broker: ['domain', ...leaves],
  pipeline: ['domain', ...leaves, 'broker'],
  'compose-files.ts': ['domain'],
  'compose-identity.ts': ['domain', 'identity', 'config', 'compose-files'],
  'compose-keys.ts': ['domain', 'audit', 'provenance', 'config', 'compose-files'],
  'compose-policy.ts': ['policy', 'config'],
  'compose-reload.ts': [],
  'compose-telemetry.ts': ['domain', 'audit', 'telemetry', 'config'],
  'compose-trial.ts': ['domain', ...leaves, 'broker'],
  'compose.ts': [
    'domain',
    ...leaves,
    'broker',
    'pipeline',
    'compose-identity',
    'compose-keys',
    'compose-policy',
    'compose-reload',
    'compose-telemetry',
  ],
  http: ['domain'],
  cli: [
    'domain',
    ...leaves,
    'broker',
    'pipeline',
    'compose',
    'compose-identity',
    'compose-keys',
    'compose-policy',
    'compose-trial',
    'http',
    'server',
  ],
  'server.ts': ['domain', 'config', 'compose', 'http'],
};

const places = [...Object.keys(mayImport).map((place) => place.replace('.ts', ''))];

const boundaries = Object.entries(mayImport).map(([place, allowed]) => {
  const forbidden = places.filter((other) => !allowed.includes(other) && other !== place.replace('.ts', ''));
  const isFile = place.endsWith('.ts');
  return {
    files: [isFile ? `src/${place}` : `src/${place}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: isFile
                ? `^\\./(?:${forbidden.join('|')})(?:/|\\.js$)`
                : `^(?:\\.\\./)+(?:${forbidden.join('|')})(?:/|\\.js$)`,
              message: `src/${place} may import only: ${allowed.join(', ') || 'nothing'}`,
            },
          ],
        },
      ],
    },
  };
});

const nondeterminism = [
  { object: 'Date', property: 'now', message: 'pass a Clock in (domain/clock.ts)' },
  { object: 'Math', property: 'random', message: 'pass an IdSource in (domain/ids.ts)' },
];

export default tseslint.config(
  { ignores: ['.cache', 'dist', 'coverage', 'node_modules', 'bench/results', 'deploy', '**/*.py'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  regexp.configs['flat/recommended'],
  n.configs['flat/recommended-module'],
  security.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': 'error',
      'no-console': 'error',
      'n/no-process-env': 'error',
      'no-restricted-properties': ['error', ...nondeterminism],
      // The type checker knows what these two guess at: an index is a number or a checked key, a path is configuration.
      'security/detect-object-injection': 'off',
      'security/detect-non-literal-fs-filename': 'off',
      // Resolution is TypeScript's business; the published files are listed in package.json.
      'n/no-missing-import': 'off',
      'n/no-unpublished-import': 'off',
      'n/hashbang': 'off',
    },
  },
  ...boundaries,
  {
    // Pure code: no I/O, environment, server or logger.
    files: [
      'src/domain/**/*.ts',
      'src/provenance/*rules*.ts',
      'src/policy/evaluat*.ts',
      'src/output-filter/**/*.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?:node:)?(?:fs|net|http|https|child_process|process|os|dns|worker_threads)(?:/|$)',
              message: 'this folder is pure',
            },
            { regex: '^(?:fastify|pino|pg)(?:/|$)', message: 'this folder is pure' },
          ],
        },
      ],
    },
  },
  {
    // This rule counts repetitions. What keeps a pattern linear is that they are bounded, which `regexp` checks.
    files: ['src/output-filter/**/*.ts'],
    rules: { 'security/detect-unsafe-regex': 'off' },
  },
  {
    files: ['src/config/**/*.ts', 'tests/**/*.ts', '**/*.test.ts', 'bench/**/*.ts', 'scripts/**/*.{ts,mjs}'],
    rules: { 'n/no-process-env': 'off' },
  },
  {
    files: ['src/cli/**/*.ts', 'scripts/**/*.{ts,js,mjs}', 'bench/**/*.ts', 'examples/**/*.ts'],
    rules: { 'no-console': 'off', 'n/no-process-exit': 'off' },
  },
  {
    files: [
      'src/domain/clock.ts',
      'src/domain/ids.ts',
      'tests/**/*.ts',
      '**/*.test.ts',
      'bench/**/*.ts',
      'scripts/**/*.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['tests/**/*.ts', '**/*.test.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'security/detect-child-process': 'off',
      'security/detect-non-literal-regexp': 'off',
      'security/detect-possible-timing-attacks': 'off',
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
