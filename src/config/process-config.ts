import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { loadConfig, type LoadedConfig, type Variables } from './load-config.js';
import type { ConfigFiles } from './rules.js';

/** No file that the configuration names has a reason to be larger. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

const realFiles: ConfigFiles = {
  read(path) {
    try {
      const stats = statSync(path);
      return stats.isFile() && stats.size <= MAX_FILE_BYTES ? readFileSync(path) : null;
    } catch {
      return null;
    }
  },
  list(path) {
    try {
      return readdirSync(path, { withFileTypes: true })
        .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
        .map((entry) => entry.name)
        .sort();
    } catch {
      return null;
    }
  },
};

function readDotEnv(): Variables {
  const bytes = realFiles.read('.env');
  return bytes === null ? {} : parseEnv(bytes.toString('utf8'));
}

/** The default policy that ships with the program, wherever it is installed. */
const packagedPolicyPath = fileURLToPath(new URL('../../policies/default.yaml', import.meta.url));

/**
 * The configuration of this process; `overrides` stand in front of its environment.
 *
 * @throws ConfigError with every violation found.
 */
export function loadProcessConfig(overrides: Variables = {}): LoadedConfig {
  return loadConfig({
    variables: { ...process.env, ...overrides },
    readDotEnv,
    files: realFiles,
    packagedPolicyPath,
  });
}
