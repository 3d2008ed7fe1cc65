/**
 * Installs the packages that package-lock.json names where they are missing or differ, and does nothing otherwise.
 *
 * Runs before `npm start`, `npm test` and every make target, on whatever Node the machine has (20 or later), and
 * needs no package. The scripts themselves then run on the Node that the lock file pins, which npm puts on the PATH.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The `packages` of a lock file, or nothing where it is absent or unreadable. */
function lockedPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return {};
  }
}

/** Whether what npm recorded as installed is what the lock file wants; a package of another platform may be absent. */
function isInstalled() {
  const modules = join(root, 'node_modules');
  // A linked node_modules is somebody else's to fill.
  if (existsSync(modules) && lstatSync(modules).isSymbolicLink()) return true;
  const installed = lockedPackages(join(modules, '.package-lock.json'));
  return Object.entries(lockedPackages(join(root, 'package-lock.json'))).every(
    ([path, wanted]) =>
      path === '' ||
      (installed[path] === undefined ? wanted.optional === true : installed[path].version === wanted.version),
  );
}

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  console.error(`Node ${OLDEST_NODE} or later is needed to install; this is ${process.version}`);
  process.exit(1);
}
if (!isInstalled()) {
  console.error('installing packages (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    // Standard output belongs to the command that comes next.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  process.exit(status ?? 1);
}
