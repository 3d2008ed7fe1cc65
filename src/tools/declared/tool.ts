import type { ValidateFunction } from 'ajv';
import type { ArgumentCheck, NarrowingCheck, Tool, ToolDeclaration } from '../../domain/tool.js';
import type { JsonObject } from '../../domain/wire.js';
import { toPointer } from '../pointer.js';
import type { SchemaCompiler } from '../schema/compile.js';
import { faultOf } from '../schema/fault.js';
import { digestOfSchemas } from '../schema/digest.js';

const PASSED: NarrowingCheck = Object.freeze({ ok: true });

/** For a tool that the policy does not narrow. */
export function passAnything(): NarrowingCheck {
  return PASSED;
}

function takeNone(args: JsonObject): ArgumentCheck {
  const [undeclared] = Object.keys(args);
  if (undeclared === undefined) return { ok: true, arguments: args };
  return { ok: false, code: 'extra_forbidden', pointer: toPointer([undeclared]) };
}

/** Whether a default is filled in anywhere; then what came in is copied first, since the validator fills in place. */
function fillsDefaults(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return Object.hasOwn(schema, 'default') || Object.values(schema).some(fillsDefaults);
}

function createArgumentCheck(
  schema: JsonObject,
  isValid: ValidateFunction,
): (args: JsonObject) => ArgumentCheck {
  const copies = fillsDefaults(schema);
  return (args) => {
    const filled = copies ? structuredClone(args) : args;
    return isValid(filled) ? { ok: true, arguments: filled } : { ok: false, ...faultOf(isValid.errors) };
  };
}

/** Asks whether arguments keep to what the policy narrows a built-in tool to. */
export function createNarrowingCheck(isValid: ValidateFunction): Tool['checkNarrowing'] {
  return (args) => (isValid(args) ? PASSED : { ok: false, pointer: faultOf(isValid.errors).pointer });
}

/**
 * A tool that only the policy knows. Its schema is its argument schema; its simulator echoes the names of the
 * arguments, never their values.
 *
 * @throws PolicyError when its schema cannot be used
 */
export function createDeclaredTool(declaration: ToolDeclaration, compiler: SchemaCompiler): Tool {
  const { name, arguments: schema, external_effect: isExternal } = declaration;
  const validate = schema === undefined ? null : compiler.compile({ toolName: name, schema, narrows: null });
  return Object.freeze({
    name,
    description: declaration.description ?? '',
    destination: declaration.destination ?? (isExternal ? 'webhook' : 'internal_display'),
    schema_sha256: digestOfSchemas([schema ?? null]),
    checkArguments:
      schema === undefined || validate === null ? takeNone : createArgumentCheck(schema, validate),
    checkNarrowing: passAnything,
    simulate: (args) => ({
      success: true,
      message: `simulated_${name}`,
      simulated_output: { argument_names: Object.keys(args) },
    }),
  } satisfies Tool);
}
