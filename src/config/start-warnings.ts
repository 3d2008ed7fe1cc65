import type { Config } from './settings.js';

/** What an operator should know at start: keys that are made up or published. */
export function startWarnings(config: Config): readonly string[] {
  const usesLabKey = config.enableStrictProvenance && config.provenanceHmacKeyFile === null;
  return [
    ...(usesLabKey ? ['strict provenance uses the published lab key, which proves nothing'] : []),
    ...(config.approvalSigningKeyFile.length === 0
      ? ['approval tokens are signed with a key of this process alone and end with it']
      : []),
  ];
}
