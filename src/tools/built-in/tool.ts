import { z } from 'zod';
import type { ArgumentCheck } from '../../domain/tool.js';
import type { JsonObject } from '../../domain/wire.js';
import { toPointer } from '../pointer.js';
import type { BuiltInDefinition } from './definition.js';

type Issue = z.core.$ZodIssue;

/** Codes of the wire contract for a value of the wrong type, by the type that was expected. */
const wrongType: ReadonlyMap<string, string> = new Map([
  ['string', 'string_type'],
  ['array', 'list_type'],
  ['boolean', 'bool_type'],
  ['number', 'number_type'],
  ['object', 'object_type'],
]);

/** A built-in tool's own form as JSON Schema, for what narrows it and for its digest. */
export function schemaOf(definition: BuiltInDefinition): JsonObject {
  return { ...z.toJSONSchema(definition.schema, { io: 'input' }) };
}

/**
 * Checks arguments against a built-in tool's schema and fills in defaults, in a fresh object.
 *
 * The first fault is that of the first declared argument at fault; undeclared arguments come last.
 */
export function createArgumentCheck(definition: BuiltInDefinition): (args: JsonObject) => ArgumentCheck {
  const schema = definition.schema as z.ZodType<JsonObject>;
  return (args) => {
    const parsed = schema.safeParse(args);
    if (parsed.success) return { ok: true, arguments: parsed.data };
    const [issue] = parsed.error.issues;
    return issue === undefined ? { ok: false, code: 'type', pointer: '' } : faultOf(issue, args);
  };
}

function faultOf(issue: Issue, args: JsonObject): ArgumentCheck {
  const pointer = toPointer(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return { ok: false, code: 'extra_forbidden', pointer: toPointer([...issue.path, issue.keys[0] ?? '']) };
  }
  const [name] = issue.path;
  if (issue.path.length === 1 && typeof name === 'string' && !Object.hasOwn(args, name)) {
    return { ok: false, code: 'missing', pointer };
  }
  const code = issue.code === 'invalid_type' ? wrongType.get(issue.expected) : undefined;
  return { ok: false, code: code ?? 'type', pointer };
}
