/**
 * Looks for what does not belong in the repository: working artefacts, large or unexpected binary files, broken
 * relative links in Markdown, and figures in README.md that are not what the tools report. Names every violation;
 * exits 0 when there is none, 1 otherwise.
 *
 *   npm run repo-hygiene [-- --root FOLDER] [--test-report FILE]
 *
 * The number of tests is compared only where the JSON report of a test run is given.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SETTINGS } from '../src/config/settings.js';
import { REASONS } from '../src/domain/reasons.js';
import { findArtefacts } from './repo-hygiene/artefacts.js';
import { findUnwantedContents } from './repo-hygiene/contents.js';
import { countEndpoints } from './repo-hygiene/count-endpoints.js';
import { findStaleFigures } from './repo-hygiene/figures.js';
import { findBrokenLinks } from './repo-hygiene/links.js';
import { listFiles } from './repo-hygiene/list-files.js';
import { readTestReport } from './validation/test-report.js';

const { values } = parseArgs({
  options: { root: { type: 'string', default: '.' }, 'test-report': { type: 'string' } },
});
if (!existsSync(values.root)) {
  console.error(`no such folder: ${values.root}`);
  process.exit(1);
}

const counts = values['test-report'] === undefined ? null : readTestReport(values['test-report']);
const repository = { root: values.root, files: listFiles(values.root) };
const violations = [
  ...findArtefacts(repository),
  ...findUnwantedContents(repository),
  ...findBrokenLinks(repository),
  ...findStaleFigures(repository, {
    reasons: Object.keys(REASONS).length,
    endpoints: await countEndpoints(),
    settings: Object.keys(SETTINGS).length,
    tests: counts === null ? null : counts.passed + counts.failed + counts.skipped,
  }),
];
for (const { path, message } of violations) console.error(`${path}: ${message}`);
if (violations.length > 0) process.exit(1);
console.log(`repository hygiene: ${repository.files.length} files, nothing to object to`);
