import { PolicyError } from '../../domain/errors.js';
import { toPointer } from '../pointer.js';

/** A schema that cannot be used, with the place of the fault: steps from the schema's root. */
export function schemaError(
  toolName: string,
  steps: readonly PropertyKey[],
  problem: string,
  options?: ErrorOptions,
): PolicyError {
  const pointer = toPointer(['tools', toolName, 'arguments', ...steps]);
  return new PolicyError(`tool '${toolName}': invalid arguments schema at ${pointer}: ${problem}`, options);
}
