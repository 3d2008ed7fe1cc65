import type { ProvenanceKeys } from './keys.js';

/** Keys that can be read anew while checks go on; whoever holds it always sees the present ones. */
export interface ProvenanceKeyring extends ProvenanceKeys {
  /**
   * Reads the keys anew and replaces all of them at once.
   *
   * @throws ConfigError when they cannot be read; the old ones then stay
   */
  reload(): void;
}

/** A keyring over whatever reads its keys, which it does once at first. */
export function createProvenanceKeyring(load: () => ProvenanceKeys): ProvenanceKeyring {
  let keys = load();
  return {
    get signing() {
      return keys.signing;
    },
    get verification() {
      return keys.verification;
    },
    reload() {
      keys = load();
    },
  };
}
