import type { Destination } from './filter.js';
import type { JsonObject } from './wire.js';

/** The verdict on a call's arguments: the arguments with defaults filled in, or the first fault. */
export type ArgumentCheck =
  | { readonly ok: true; readonly arguments: JsonObject }
  /** `code` as in `schema_validation_failed:<code>`: missing, string_type, …, or a JSON Schema keyword. */
  | { readonly ok: false; readonly code: string; readonly pointer: string };

/** The verdict of a policy's narrowing: passed, or the JSON pointer (RFC 6901) of the first argument out of bounds. */
export type NarrowingCheck = { readonly ok: true } | { readonly ok: false; readonly pointer: string };

/** What the simulated run of a tool answered. */
export interface Simulation {
  readonly success: boolean;
  readonly message: string;
  readonly simulated_output: JsonObject;
}

/** A tool that may be proposed: the form of its arguments, where it sends data, and its simulator. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly destination: Destination;
  /** SHA-256 (lowercase hex) of the canonical form of all schemas its arguments must satisfy. */
  readonly schema_sha256: string;
  /** The tool's own schema: form and defaults. Never changes its input. */
  checkArguments(args: JsonObject): ArgumentCheck;
  /** What the policy narrows further; passes where it narrows nothing. */
  checkNarrowing(args: JsonObject): NarrowingCheck;
  /** Pretends to run the tool. No effect outside the process. */
  simulate(args: JsonObject, tenantId: string): Simulation;
}

/** The tools of one policy, by name. */
export interface ToolRegistry {
  get(name: string): Tool | undefined;
  names(): readonly string[];
}

/** What a policy says of a tool's form: all there is of a tool that is not built in, a narrowing of one that is. */
export interface ToolDeclaration {
  readonly name: string;
  readonly external_effect: boolean;
  readonly description?: string | undefined;
  /** JSON Schema 2020-12; a tool that is not built in takes no arguments without it. */
  readonly arguments?: JsonObject | undefined;
  readonly destination?: Destination | undefined;
}

/**
 * Builds the tools of a policy.
 *
 * @throws PolicyError when a declaration cannot be used
 */
export type BuildTools = (declarations: readonly ToolDeclaration[]) => ToolRegistry;
