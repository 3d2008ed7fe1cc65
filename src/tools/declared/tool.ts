import { createHash } from 'node:crypto';
import { toCanonicalJson } from '../../domain/canonical-json.js';
import { PolicyError } from '../../domain/errors.js';
import type { ArgumentCheck, Tool, ToolDeclaration } from '../../domain/tool.js';
import type { JsonObject } from '../../domain/wire.js';
import { toPointer } from '../pointer.js';

function takesNone(args: JsonObject): ArgumentCheck {
  const [undeclared] = Object.keys(args);
  if (undeclared === undefined) return { ok: true, arguments: args };
  return { ok: false, code: 'extra_forbidden', pointer: toPointer([undeclared]) };
}

/**
 * A tool that only the policy knows. Its schema is its argument schema; its simulator echoes the names of the
 * arguments, never their values.
 *
 * @throws PolicyError when its schema cannot be used
 */
export function createDeclaredTool(declaration: ToolDeclaration): Tool {
  const { name, external_effect: isExternal } = declaration;
  if (declaration.arguments !== undefined)
    throw new PolicyError(`tool '${name}': arguments are not supported`);
  return Object.freeze({
    name,
    description: declaration.description ?? '',
    destination: declaration.destination ?? (isExternal ? 'webhook' : 'internal_display'),
    schema_sha256: createHash('sha256')
      .update(toCanonicalJson([null]))
      .digest('hex'),
    checkArguments: takesNone,
    checkNarrowing: () => ({ ok: true }) as const,
    simulate: (args) => ({
      success: true,
      message: `simulated_${name}`,
      simulated_output: { argument_names: Object.keys(args) },
    }),
  } satisfies Tool);
}
