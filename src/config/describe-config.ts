import type { LoadedConfig, SettingSource } from './load-config.js';
import type { Setting } from './setting.js';
import { SETTINGS, type Config, type SettingKey } from './settings.js';

/** One line of the effective configuration; a secret's value is masked. */
export interface DescribedSetting {
  readonly name: string;
  readonly value: Config[SettingKey];
  readonly source: SettingSource;
}

const MASK = '[set, not shown]';

/** The effective configuration for people and machines, without a secret in it. */
export function describeConfig({ config, sources }: LoadedConfig): readonly DescribedSetting[] {
  return (Object.keys(SETTINGS) as SettingKey[]).map((key) => {
    const setting: Setting<unknown> = SETTINGS[key];
    const value = config[key];
    return {
      name: setting.name,
      value: setting.secret && value !== null ? MASK : value,
      source: sources[key],
    };
  });
}
