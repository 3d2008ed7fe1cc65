import type { Ajv2020 as Ajv2020Class, Options, ValidateFunction } from 'ajv/dist/2020.js';
import type { FormatsPlugin } from 'ajv-formats';
import { createRequire } from 'node:module';
import type { JsonObject } from '../../domain/wire.js';
import { toSteps } from '../pointer.js';
import { closeSchema } from './close.js';
import { checkDefaults } from './defaults.js';
import { checkNames } from './names.js';
import { provePatterns, type ProvenPatterns } from './patterns.js';
import { schemaError } from './schema-error.js';
import { inspectStructure } from './structure.js';

/** Formats whose matchers take linear time. */
export const supportedFormats = [
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'json-pointer',
  'relative-json-pointer',
  'time',
  'uri',
  'uri-reference',
  'uri-template',
  'uuid',
] as const;

/** What a compiler may share with others: the patterns that were proven linear. */
export interface SchemaCompilerOptions {
  readonly proven: ProvenPatterns;
}

/** A schema of arguments, and whose it is. */
export interface CompileRequest {
  readonly toolName: string;
  readonly schema: JsonObject;
  /** The built-in schema that this one narrows; null for a tool's own schema, which is closed and fills in defaults. */
  readonly narrows: JsonObject | null;
}

/** Compiles the argument schemas of one policy. */
export interface SchemaCompiler {
  /** @throws PolicyError with the pointer of what cannot be used */
  compile(request: CompileRequest): ValidateFunction;
}

/** A compiler for one policy; its validators are made with the first schema. */
export function createSchemaCompiler({ proven }: SchemaCompilerOptions): SchemaCompiler {
  let validators: Validators | null = null;
  return {
    compile({ toolName, schema, narrows }) {
      if (schema.type !== 'object') throw schemaError(toolName, [], "must be a schema of type 'object'");
      const structure = inspectStructure(toolName, schema);
      provePatterns(toolName, structure.patterns, proven);
      validators ??= createValidators();
      const strict = translateFaults(toolName, validators.strict, schema);
      checkNames({ toolName, root: schema, structure, base: narrows });
      if (narrows !== null) rejectDefaults(toolName, structure.byPointer);
      if (narrows !== null) return strict;
      const closed = closeSchema(schema) as JsonObject;
      const validate = translateFaults(toolName, validators.closed, closed);
      checkDefaults({
        toolName,
        schema: closed,
        byPointer: structure.byPointer,
        validator: validators.closed,
      });
      return validate;
    },
  };
}

/** A narrowing judges; it never fills anything in. */
function rejectDefaults(toolName: string, byPointer: ReadonlyMap<string, unknown>): void {
  for (const [pointer, schema] of byPointer) {
    if (typeof schema === 'object' && schema !== null && Object.hasOwn(schema, 'default')) {
      throw schemaError(toolName, [...toSteps(pointer), 'default'], 'a narrowing fills in no defaults');
    }
  }
}

interface Validators {
  /** Judges a schema as it is written, by the strictest rules. */
  readonly strict: Ajv2020Class;
  /** Compiles a closed schema that has been judged as it was written. */
  readonly closed: Ajv2020Class;
}

/** Loads the validator when the first schema asks for it. */
function createValidators(): Validators {
  const require = createRequire(import.meta.url);
  const { Ajv2020 } = require('ajv/dist/2020.js') as { Ajv2020: typeof Ajv2020Class };
  const addFormats = require('ajv-formats') as FormatsPlugin;
  const shared: Options = {
    logger: false,
    // THREAT: `constructor` and its like are found on every object unless only own properties count.
    ownProperties: true,
    useDefaults: true,
    // The first fault is enough, and looking for all of them lets a caller choose how long it takes.
    allErrors: false,
  };
  // Which names may be required is checked with the rest of the names.
  const strict = new Ajv2020({ ...shared, strict: true, strictRequired: false });
  const closed = new Ajv2020({ ...shared, strict: false, meta: false, validateSchema: false });
  for (const validator of [strict, closed]) {
    addFormats(validator, { mode: 'full', formats: [...supportedFormats], keywords: false });
  }
  return { strict, closed };
}

function translateFaults(toolName: string, validator: Ajv2020Class, schema: JsonObject): ValidateFunction {
  try {
    return validator.compile(schema);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'cannot be compiled';
    throw schemaError(toolName, [], message, { cause });
  }
}
