import { UNNAMED_TOOL, type MeasuredEffect } from '../domain/metrics.js';
import type { RiskLevel } from '../domain/policy.js';
import type { ReasonCode } from '../domain/reasons.js';
import { sampleLine } from './exposition.js';

/** Tool names counted apart over the life of a process, however often its policy changes. */
const MAX_TOOLS = 1_000;

interface Cell {
  readonly effect: MeasuredEffect;
  readonly reason: ReasonCode;
  readonly risk: RiskLevel | null;
  count: number;
}

/** Decisions by tool, reason, effect and risk. Counting allocates only where a combination is new. */
export class DecisionTally {
  readonly #tools = new Map<string, Map<ReasonCode, Cell[]>>();

  add(effect: MeasuredEffect, reason: ReasonCode, tool: string, risk: RiskLevel | null): void {
    const cells = this.#cellsOf(tool, reason);
    for (const cell of cells) {
      if (cell.effect === effect && cell.risk === risk) {
        cell.count += 1;
        return;
      }
    }
    cells.push({ effect, reason, risk, count: 1 });
  }

  lines(name: string): readonly string[] {
    return [...this.#tools].flatMap(([tool, reasons]) =>
      [...reasons.values()].flat().map(({ effect, reason, risk, count }) => {
        const labels = { effect, reason, tool, risk_level: risk ?? 'none' };
        return sampleLine(name, labels, count);
      }),
    );
  }

  #cellsOf(tool: string, reason: ReasonCode): Cell[] {
    let reasons = this.#tools.get(tool);
    if (reasons === undefined) {
      if (this.#tools.size >= MAX_TOOLS && tool !== UNNAMED_TOOL) return this.#cellsOf(UNNAMED_TOOL, reason);
      reasons = new Map();
      this.#tools.set(tool, reasons);
    }
    let cells = reasons.get(reason);
    if (cells === undefined) {
      cells = [];
      reasons.set(reason, cells);
    }
    return cells;
  }
}
