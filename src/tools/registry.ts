import { createHash } from 'node:crypto';
import { toCanonicalJson } from '../domain/canonical-json.js';
import { PolicyError } from '../domain/errors.js';
import { leavesOrganisation, type Destination } from '../domain/filter.js';
import type { NarrowingCheck, Tool, ToolDeclaration, ToolRegistry } from '../domain/tool.js';
import type { JsonObject } from '../domain/wire.js';
import { builtIns } from './built-in/catalogue.js';
import type { BuiltInDefinition } from './built-in/definition.js';
import { createArgumentCheck, schemaOf } from './built-in/tool.js';
import { createDeclaredTool } from './declared/tool.js';

const PASSED: NarrowingCheck = { ok: true };
const passes = (): NarrowingCheck => PASSED;

/** SHA-256 (lowercase hex) over every schema that a tool's arguments must satisfy. */
function digestOf(schemas: readonly (JsonObject | undefined)[]): string {
  const canonical = toCanonicalJson(schemas.filter((schema) => schema !== undefined));
  return createHash('sha256').update(canonical).digest('hex');
}

function createBuiltInTool(definition: BuiltInDefinition, declaration: ToolDeclaration | undefined): Tool {
  const { name, description, destination, simulate } = definition;
  rejectRedeclaration(declaration);
  if (declaration !== undefined) requireExternalEffect(declaration, destination);
  const schema = schemaOf(definition);
  return Object.freeze({
    name,
    description,
    destination,
    schema_sha256: digestOf([schema, declaration?.arguments]),
    checkArguments: createArgumentCheck(definition),
    checkNarrowing: passes,
    simulate,
  } satisfies Tool);
}

/** What a built-in tool is and where it sends data is not the policy's to say. */
function rejectRedeclaration(declaration: ToolDeclaration | undefined): void {
  const taken = (['description', 'destination'] as const).filter((key) => declaration?.[key] !== undefined);
  if (declaration !== undefined && taken.length > 0) {
    throw new PolicyError(`tool '${declaration.name}' has unknown keys: ${taken.join(', ')}`);
  }
}

/** What leaves the organisation is an external effect, and the checks that ask for one must know. */
function requireExternalEffect({ name, external_effect }: ToolDeclaration, destination: Destination): void {
  if (leavesOrganisation(destination) && !external_effect) {
    throw new PolicyError(`tool '${name}': destination ${destination} requires external_effect`);
  }
}

/**
 * The tools of a policy: the built-in ones, narrowed where it says so, and those that it declares.
 *
 * @throws PolicyError when a declaration cannot be used
 */
export function createToolRegistry(declarations: readonly ToolDeclaration[]): ToolRegistry {
  const declared = new Map(declarations.map((declaration) => [declaration.name, declaration]));
  const tools = new Map<string, Tool>();
  for (const definition of builtIns) {
    tools.set(definition.name, createBuiltInTool(definition, declared.get(definition.name)));
  }
  for (const declaration of declarations) {
    if (tools.has(declaration.name)) continue;
    const tool = createDeclaredTool(declaration);
    requireExternalEffect(declaration, tool.destination);
    tools.set(declaration.name, tool);
  }
  const names = Object.freeze([...tools.keys()]);
  return Object.freeze({ get: (name: string) => tools.get(name), names: () => names });
}
