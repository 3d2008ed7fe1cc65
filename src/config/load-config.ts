import { ConfigError } from '../domain/errors.js';
import { checkRules, type ConfigFiles } from './rules.js';
import { ENVIRONMENTS, type Environment, type Parsed, type Setting } from './setting.js';
import { SETTINGS, type Config, type SettingKey } from './settings.js';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where a setting's value came from. */
export type SettingSource = 'environment' | '.env' | 'default';

/** A valid configuration, and how it came to be. */
export interface LoadedConfig {
  readonly config: Config;
  readonly sources: Readonly<Record<SettingKey, SettingSource>>;
  /** Faults that are tolerated outside production: unknown variables. */
  readonly warnings: readonly string[];
}

/** What a configuration is read from. */
export interface LoadConfigOptions {
  readonly variables: Variables;
  /** Variables of the `.env` file; asked for in local mode only. */
  readonly readDotEnv: () => Variables;
  readonly files: ConfigFiles;
  /** Stands in for the default policy path where the working directory has no such file. */
  readonly packagedPolicyPath: string;
}

interface Found {
  readonly text: string;
  readonly source: Exclude<SettingSource, 'default'>;
}

const KEYS = Object.keys(SETTINGS) as SettingKey[];

function lookUp(setting: Setting<unknown>, environment: Variables, dotEnv: Variables): Found | null {
  const names = setting.alias === undefined ? [setting.name] : [setting.name, setting.alias];
  for (const [source, variables] of [
    ['environment', environment],
    ['.env', dotEnv],
  ] as const) {
    for (const name of names) {
      const text = variables[name]?.trim();
      if (text !== undefined && text !== '') return { text, source };
    }
  }
  return null;
}

function parseEnvironment(variables: Variables): Parsed<Environment> {
  const text = variables[SETTINGS.environment.name]?.trim();
  return text === undefined || text === ''
    ? { ok: true, value: ENVIRONMENTS[0] }
    : SETTINGS.environment.parse(text);
}

function findUnknown(variables: Variables): readonly string[] {
  const known = new Set(KEYS.map((key) => SETTINGS[key].name));
  return Object.keys(variables)
    .filter((name) => name.startsWith('ACP_') && !known.has(name))
    .sort()
    .map((name) => `unknown configuration variable: ${name}`);
}

function withPackagedPolicy(config: Config, source: SettingSource, options: LoadConfigOptions): Config {
  const useOwn = source === 'default' && options.files.read(config.policyPath) === null;
  return useOwn ? { ...config, policyPath: options.packagedPolicyPath } : config;
}

/**
 * The configuration from the environment and, in local mode, the `.env` file; blank means unset.
 *
 * @throws ConfigError with every violation found, not the first alone.
 */
export function loadConfig(options: LoadConfigOptions): LoadedConfig {
  const mode = parseEnvironment(options.variables);
  const environment = mode.ok ? mode.value : 'local';
  const { [SETTINGS.environment.name]: misplaced, ...dotEnv } =
    environment === 'local' ? options.readDotEnv() : {};
  const violations: string[] =
    misplaced === undefined ? [] : [`${SETTINGS.environment.name} must not be set in .env`];

  const values: Partial<Record<SettingKey, unknown>> = {};
  const sources: Partial<Record<SettingKey, SettingSource>> = {};
  for (const key of KEYS) {
    const setting: Setting<unknown> = SETTINGS[key];
    const found = lookUp(setting, options.variables, dotEnv);
    const parsed =
      found === null
        ? { ok: true as const, value: setting.defaults[environment] }
        : setting.parse(found.text);
    if (!parsed.ok) violations.push(parsed.violation);
    values[key] = parsed.ok ? parsed.value : setting.defaults[environment];
    sources[key] = found?.source ?? 'default';
  }

  const complete = sources as Record<SettingKey, SettingSource>;
  const config = withPackagedPolicy(values as Config, complete.policyPath, options);
  const unknown = findUnknown({ ...dotEnv, ...options.variables });
  if (environment === 'production') violations.push(...unknown);
  violations.push(...checkRules(config, options.files));
  if (violations.length > 0) throw new ConfigError(violations);
  return { config: Object.freeze(config), sources: complete, warnings: unknown };
}
