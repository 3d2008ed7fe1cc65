import { PolicyError } from '../../domain/errors.js';
import { toPointer } from '../pointer.js';

/** A pattern can be part of a pointer; what is wrong must still be read after it. */
const maxPointerLength = 256;

/** A schema that cannot be used, with the place of the fault: steps from the schema's root. */
export function schemaError(
  toolName: string,
  steps: readonly PropertyKey[],
  problem: string,
  options?: ErrorOptions,
): PolicyError {
  const whole = toPointer(['tools', toolName, 'arguments', ...steps]);
  const pointer = whole.length > maxPointerLength ? `${whole.slice(0, maxPointerLength)}…` : whole;
  return new PolicyError(`tool '${toolName}': invalid arguments schema at ${pointer}: ${problem}`, options);
}
