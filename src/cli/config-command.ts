import type { Command } from 'commander';
import pc from 'picocolors';
import { describeConfig, type DescribedSetting } from '../config/describe-config.js';
import { loadProcessConfig } from '../config/process-config.js';
import { ConfigError } from '../domain/errors.js';
import { findContentFaults } from './config-contents.js';
import { EXIT } from './exit-codes.js';

function show(value: DescribedSetting['value']): string {
  if (value === null || value === '') return pc.dim('(unset)');
  if (typeof value !== 'object') return String(value);
  return value.length === 0 ? pc.dim('(none)') : value.join(', ');
}

function printTable(settings: readonly DescribedSetting[]): void {
  const width = Math.max(...settings.map(({ name }) => name.length));
  for (const { name, value, source } of settings) {
    console.log(`${name.padEnd(width)}  ${pc.dim(source.padEnd(11))}  ${show(value)}`);
  }
}

async function check(asJson: boolean): Promise<void> {
  try {
    const loaded = loadProcessConfig();
    const faults = await findContentFaults(loaded.config);
    if (faults.length > 0) throw new ConfigError(faults);
    const settings = describeConfig(loaded);
    if (asJson) console.log(JSON.stringify({ ok: true, settings, warnings: loaded.warnings }, null, 2));
    else printTable(settings);
    if (!asJson) for (const warning of loaded.warnings) console.error(pc.yellow(`warning: ${warning}`));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { violations } = error;
    if (asJson) console.log(JSON.stringify({ ok: false, violations }, null, 2));
    else for (const violation of violations) console.error(pc.red(violation));
    process.exitCode = EXIT.configuration;
  }
}

/** `acp config check`: the effective configuration with secrets masked, or everything that is wrong with it. */
export function registerConfigCommand(program: Command): void {
  program
    .command('config')
    .description('look at the configuration')
    .command('check')
    .description(
      'print the effective configuration, secrets masked; exit 78 with every error when it is not valid',
    )
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) => check(json === true));
}
