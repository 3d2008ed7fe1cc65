import type { ErrorObject } from 'ajv';
import { toPointer } from '../pointer.js';

/** Codes of the wire contract for a value of the wrong type, by the type that was expected. */
const wrongType: ReadonlyMap<unknown, string> = new Map([
  ['string', 'string_type'],
  ['array', 'list_type'],
  ['boolean', 'bool_type'],
  ['number', 'number_type'],
  ['integer', 'number_type'],
  ['object', 'object_type'],
]);

/** A fault of an argument: its code in the wire contract, and a JSON pointer to it. */
export interface ArgumentFault {
  readonly code: string;
  readonly pointer: string;
}

/**
 * The fault that decided, among those that the validator noted on the way.
 *
 * A keyword that tries several schemas notes their faults before its own, which is the one that counts; only a
 * condition passes on the fault of the branch it chose.
 */
function decisive(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return errors.findLast((error) => error.keyword !== 'if') ?? errors.at(-1);
}

/** The first fault in the terms of the wire contract: a type, `missing`, `extra_forbidden`, or the keyword itself. */
export function faultOf(errors: readonly ErrorObject[] | null | undefined): ArgumentFault {
  const error = decisive(errors ?? []);
  if (error === undefined) return { code: 'type', pointer: '' };
  const { keyword, instancePath: pointer } = error;
  const params: Readonly<Record<string, unknown>> = error.params;
  switch (keyword) {
    case 'type':
      return { code: wrongType.get(params.type) ?? 'type', pointer };
    case 'required':
    case 'dependentRequired':
      return {
        code: keyword === 'required' ? 'missing' : keyword,
        pointer: pointer + toPointer([String(params.missingProperty)]),
      };
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = params.additionalProperty ?? params.unevaluatedProperty;
      return { code: 'extra_forbidden', pointer: pointer + toPointer([String(name)]) };
    }
    case 'propertyNames':
      return { code: keyword, pointer: pointer + toPointer([String(params.propertyName)]) };
    default:
      return { code: keyword, pointer };
  }
}
