/** How one step of the validation ended. */
export type StepOutcome =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly detail: string }
  | { readonly status: 'skipped'; readonly reason: string };

/** One check of the whole repository; it says how it ended and never throws for a mere failure. */
export interface Step {
  readonly id: string;
  readonly title: string;
  run(): Promise<StepOutcome>;
}

/** A step that has run, and for how long. */
export interface StepResult {
  readonly step: Pick<Step, 'id' | 'title'>;
  readonly outcome: StepOutcome;
  readonly elapsedSeconds: number;
}

/**
 * Runs every step in turn, a failing one included, so that one run shows all that is wrong.
 *
 * `nowMs` is a monotonic clock in milliseconds; `announce` is told of each step before it starts.
 */
export async function runSteps(
  steps: readonly Step[],
  { nowMs, announce }: { nowMs: () => number; announce: (step: Step) => void },
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    announce(step);
    const startedMs = nowMs();
    const outcome = await runGuarded(step);
    results.push({ step, outcome, elapsedSeconds: (nowMs() - startedMs) / 1000 });
  }
  return results;
}

async function runGuarded(step: Step): Promise<StepOutcome> {
  try {
    return await step.run();
  } catch (error) {
    return { status: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
}
