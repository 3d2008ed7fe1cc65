import { secretRule, type Detector, type Rule } from './detector.js';

/** A detector as a scan uses it: of one shape, with every part there, which the runtime reads several times as fast. */
export interface CompiledDetector {
  /** Its place in the order of all detectors. */
  readonly index: number;
  readonly rule: Rule;
  readonly pattern: RegExp;
  /** Whether the pattern may have a group, which is the secret. */
  readonly hasGroup: boolean;
  /**
   * How far behind its beginning a match has characters of runs, all the way behind its prefix; 0 where that is not
   * known. The one that stands there tells most texts without a match from one, before the pattern is tried.
   */
  readonly reach: number;
  readonly insideWord: boolean;
  readonly fromWordStart: boolean;
  /** As in the detector; infinite where it is not given. */
  readonly looksBack: number;
  readonly prefix: string;
  readonly minRun: number;
  readonly begins: RegExp | null;
  /** The code of the character that stands right before a match; 0 for any. */
  readonly follows: number;
  readonly needs: NonNullable<Detector['needs']> | null;
  readonly admits: Detector['admits'] | null;
  readonly validate: Detector['validate'] | null;
  readonly validateWhole: Detector['validateWhole'] | null;
  readonly extend: Detector['extend'] | null;
  readonly sample: Detector['sample'] | null;
}

/** A pattern that begins with a prefix and a stretch of characters of runs, with the least length of that. */
const PREFIX_AND_RUN = /^([\w-]*)\[(?:A-[A-Z]|a-[a-z]|\d-\d|\\w|[\w+/])+-?\]\{(\d+)/;

/** The prefix that every match of a pattern begins with, and how many characters of runs stand behind it at least. */
export function prefixAndRun({ source }: RegExp): { readonly prefix: string; readonly run: number } {
  const match = source.includes('|') ? null : PREFIX_AND_RUN.exec(source);
  return { prefix: match?.[1] ?? '', run: Number(match?.[2] ?? 0) };
}

function reachOf(pattern: RegExp): number {
  const { prefix, run } = prefixAndRun(pattern);
  return run === 0 ? 0 : prefix.length + run - 1;
}

/** Makes a detector ready, at its place among others. */
export function compileDetector(detector: Detector, index: number): CompiledDetector {
  const { pattern } = detector;
  return {
    index,
    rule: detector.rule ?? secretRule(detector.id),
    pattern,
    hasGroup: /(?<!\\)\((?!\?)/.test(pattern.source),
    reach: reachOf(pattern),
    insideWord: detector.insideWord === true,
    fromWordStart: detector.fromWordStart === true,
    looksBack: detector.looksBack ?? Infinity,
    prefix: detector.prefix ?? '',
    minRun: detector.minRun ?? 0,
    begins: detector.begins ?? null,
    follows: detector.follows?.charCodeAt(0) ?? 0,
    needs: detector.needs ?? null,
    admits: detector.admits ?? null,
    validate: detector.validate ?? null,
    validateWhole: detector.validateWhole ?? null,
    extend: detector.extend ?? null,
    sample: detector.sample ?? null,
  };
}
