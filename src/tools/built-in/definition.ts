import type { z } from 'zod';
import type { Destination } from '../../domain/filter.js';
import type { Simulation } from '../../domain/tool.js';

/** A tool that the program brings along: the form of its arguments and what it pretends to do. */
export interface BuiltInDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly destination: Destination;
  /** A strict object; its defaults are filled in. */
  readonly schema: Schema;
  readonly simulate: (args: z.infer<Schema>, tenantId: string) => Simulation;
}

/** A successful run of a simulator, which says so in its message. */
export function simulated(name: string, output: Record<string, unknown>): Simulation {
  return { success: true, message: `simulated_${name}`, simulated_output: output };
}
