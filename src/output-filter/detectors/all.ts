import type { Detector } from '../detector.js';
import { aiDetectors } from './ai.js';
import { businessDetectors } from './business.js';
import { cloudDetectors } from './cloud.js';
import { coreDetectors } from './core.js';
import { infrastructureDetectors } from './infrastructure.js';
import { messagingDetectors } from './messaging.js';
import { observabilityDetectors } from './observability.js';
import { paymentDetectors } from './payment.js';
import { placeDetectors } from './places.js';
import { registryDetectors } from './registries.js';
import { sourceControlDetectors } from './source-control.js';

export { credentialWords } from './credential-words.js';
export { piiDetectors } from './pii.js';
export { vendorNames } from './vendor-names.js';

/** Every standard detector of credentials, and the two markers. */
export const standardDetectors: readonly Detector[] = [
  ...coreDetectors,
  ...aiDetectors,
  ...businessDetectors,
  ...cloudDetectors,
  ...infrastructureDetectors,
  ...messagingDetectors,
  ...observabilityDetectors,
  ...paymentDetectors,
  ...placeDetectors,
  ...registryDetectors,
  ...sourceControlDetectors,
];
