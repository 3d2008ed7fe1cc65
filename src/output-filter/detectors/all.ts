import type { Detector } from '../detector.js';
import { coreDetectors } from './core.js';

export { credentialWords } from './credential-words.js';
export { vendorNames } from './vendor-names.js';

/** Every standard detector. */
export function detectors(pii: boolean): readonly Detector[] {
  return pii ? coreDetectors : coreDetectors;
}
