import type { Permission, ProposedCall } from './gate.js';

/** What became of a proposed call. */
export type Step =
  | { readonly tool_name: string; readonly outcome: 'done'; readonly result: string }
  | { readonly tool_name: string; readonly outcome: 'refused'; readonly reason: string };

export interface LoopOptions {
  /** Stands in for a model: what it proposes, one call after the other. */
  readonly proposals: readonly ProposedCall[];
  readonly ask: (call: ProposedCall) => Promise<Permission>;
  readonly log: (line: string) => void;
}

/** Tools that do nothing; in a real agent, the only place that can do something. */
function simulate(toolName: string, args: Readonly<Record<string, unknown>>): string {
  return `simulated ${toolName} with ${Object.keys(args).sort().join(', ')}`;
}

/** An agent loop whose every tool call passes the gate first. A refusal goes back to the model as an observation. */
export async function runAgentLoop({ proposals, ask, log }: LoopOptions): Promise<Step[]> {
  const steps: Step[] = [];
  for (const call of proposals) {
    const { tool_name } = call;
    const permission = await ask(call);
    if (permission.permitted) {
      // What was authorized is what runs: the arguments of the answer, not those of the proposal.
      const result = simulate(tool_name, permission.arguments);
      steps.push({ tool_name, outcome: 'done', result });
      log(`${tool_name}: ${result}`);
    } else {
      steps.push({ tool_name, outcome: 'refused', reason: permission.reason });
      log(`${tool_name}: refused (${permission.reason}); ${permission.remedy}`);
    }
  }
  return steps;
}
