import pc from 'picocolors';
import type { StepResult } from './step.js';

const COLOURS = { passed: pc.green, failed: pc.red, skipped: pc.yellow };

/** One line a step: how it ended, its title, its seconds, and why it failed or was skipped. */
export function formatSummary(results: readonly StepResult[]): string {
  const titleWidth = Math.max(...results.map(({ step }) => step.title.length));
  return results
    .map(({ step, outcome, elapsedSeconds }) => {
      const status = COLOURS[outcome.status](outcome.status.padEnd('skipped'.length));
      const seconds = `${elapsedSeconds.toFixed(1)} s`.padStart(8);
      return `  ${status}  ${step.title.padEnd(titleWidth)}  ${seconds}  ${explain(outcome)}`.trimEnd();
    })
    .join('\n');
}

function explain(outcome: StepResult['outcome']): string {
  switch (outcome.status) {
    case 'passed':
      return '';
    case 'failed':
      return outcome.detail;
    case 'skipped':
      return outcome.reason;
  }
}
