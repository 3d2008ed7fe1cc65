import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository, Violation } from './violation.js';

/** A figure in a document: `<!-- figure:reasons -->87<!-- /figure -->`, of which a reader sees only the number. */
const FIGURE = /<!-- figure:([a-z_]+) -->([^<]*)<!-- \/figure -->/g;

/** A number the tools know, or null where they could not be asked this time. */
export type Figures = Readonly<Record<string, number | null>>;

/** Finds figures in README.md that differ from what the tools report, and figures that no tool reports. */
export function findStaleFigures({ root }: Repository, figures: Figures): Violation[] {
  const path = 'README.md';
  if (!existsSync(join(root, path))) return [];
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(FIGURE)].flatMap(([, name = '', written = '']) => {
    const actual = new Map(Object.entries(figures)).get(name);
    if (actual === undefined) return [{ path, message: `no tool reports the figure ${name}` }];
    if (actual === null || parseFigure(written) === actual) return [];
    return [{ path, message: `figure ${name} is ${written.trim()}, but the tools report ${actual}` }];
  });
}

/** Reads a number as people write it: `1,234` is 1234; anything else is not a number. */
function parseFigure(written: string): number {
  const digits = written.trim().replaceAll(',', '');
  return /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
}
