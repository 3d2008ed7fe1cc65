import { PolicyError } from '../domain/errors.js';
import { leavesOrganisation, type Destination } from '../domain/filter.js';
import type { BuildTools, Tool, ToolDeclaration, ToolRegistry } from '../domain/tool.js';
import { builtIns } from './built-in/catalogue.js';
import type { BuiltInDefinition } from './built-in/definition.js';
import { createArgumentCheck, schemaOf } from './built-in/tool.js';
import { createDeclaredTool, createNarrowingCheck, passAnything } from './declared/tool.js';
import { createSchemaCompiler, type SchemaCompiler } from './schema/compile.js';
import { digestOfSchemas } from './schema/digest.js';

function createBuiltInTool(
  definition: BuiltInDefinition,
  declaration: ToolDeclaration | undefined,
  compiler: SchemaCompiler,
): Tool {
  const { name, description, destination, simulate } = definition;
  const schema = schemaOf(definition);
  const narrowing = declaration?.arguments ?? null;
  if (declaration !== undefined) {
    rejectRedeclaration(declaration);
    requireExternalEffect(declaration, destination);
  }
  return Object.freeze({
    name,
    description,
    destination,
    schema_sha256: digestOfSchemas([schema, narrowing]),
    checkArguments: createArgumentCheck(definition),
    checkNarrowing:
      narrowing === null
        ? passAnything
        : createNarrowingCheck(compiler.compile({ toolName: name, schema: narrowing, narrows: schema })),
    simulate,
  } satisfies Tool);
}

/** What a built-in tool is and where it sends data is not the policy's to say. */
function rejectRedeclaration(declaration: ToolDeclaration): void {
  const taken = (['description', 'destination'] as const).filter((key) => declaration[key] !== undefined);
  if (taken.length > 0) {
    throw new PolicyError(`tool '${declaration.name}' has unknown keys: ${taken.join(', ')}`);
  }
}

/** What leaves the organisation is an external effect, and the checks that ask for one must know. */
function requireExternalEffect({ name, external_effect }: ToolDeclaration, destination: Destination): void {
  if (leavesOrganisation(destination) && !external_effect) {
    throw new PolicyError(`tool '${name}': destination ${destination} requires external_effect`);
  }
}

function buildRegistry(declarations: readonly ToolDeclaration[], compiler: SchemaCompiler): ToolRegistry {
  const tools = new Map<string, Tool>();
  const declared = new Map(declarations.map((declaration) => [declaration.name, declaration]));
  for (const definition of builtIns) {
    tools.set(definition.name, createBuiltInTool(definition, declared.get(definition.name), compiler));
  }
  for (const declaration of declarations) {
    if (tools.has(declaration.name)) continue;
    const tool = createDeclaredTool(declaration, compiler);
    requireExternalEffect(declaration, tool.destination);
    tools.set(declaration.name, tool);
  }
  const names = Object.freeze([...tools.keys()]);
  return Object.freeze({ get: (name: string) => tools.get(name), names: () => names });
}

/**
 * A builder of tool registries that remembers which patterns it has proved safe, so that a reload proves new ones only.
 */
export function createToolBuilder(): BuildTools {
  const proven = new Set<string>();
  const maxRemembered = 1_024;
  return (declarations) => {
    if (proven.size > maxRemembered) proven.clear();
    return buildRegistry(declarations, createSchemaCompiler({ proven }));
  };
}

/**
 * The tools of a policy: the built-in ones, narrowed where it says so, and those that it declares.
 *
 * @throws PolicyError when a declaration cannot be used
 */
export function createToolRegistry(declarations: readonly ToolDeclaration[]): ToolRegistry {
  return createToolBuilder()(declarations);
}
