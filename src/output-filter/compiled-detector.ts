import { secretRule, type Detector, type Rule } from './detector.js';

/** A detector as a scan uses it: of one shape, with every part there, which the runtime reads several times as fast. */
export interface CompiledDetector {
  /** Its place in the order of all detectors. */
  readonly index: number;
  readonly rule: Rule;
  readonly pattern: RegExp;
  /** Whether the pattern may have a group, which is the secret. */
  readonly hasGroup: boolean;
  readonly insideWord: boolean;
  readonly fromWordStart: boolean;
  readonly prefix: string;
  readonly minRun: number;
  readonly begins: RegExp | null;
  /** The code of the character that stands right before a match; 0 for any. */
  readonly follows: number;
  readonly admits: Detector['admits'] | null;
  readonly validate: Detector['validate'] | null;
  readonly validateWhole: Detector['validateWhole'] | null;
  readonly extend: Detector['extend'] | null;
  readonly sample: Detector['sample'] | null;
}

/** Makes a detector ready, at its place among others. */
export function compileDetector(detector: Detector, index: number): CompiledDetector {
  const { pattern } = detector;
  return {
    index,
    rule: detector.rule ?? secretRule(detector.id),
    pattern,
    hasGroup: /(?<!\\)\((?!\?)/.test(pattern.source),
    insideWord: detector.insideWord === true,
    fromWordStart: detector.fromWordStart === true,
    prefix: detector.prefix ?? '',
    minRun: detector.minRun ?? 0,
    begins: detector.begins ?? null,
    follows: detector.follows?.charCodeAt(0) ?? 0,
    admits: detector.admits ?? null,
    validate: detector.validate ?? null,
    validateWhole: detector.validateWhole ?? null,
    extend: detector.extend ?? null,
    sample: detector.sample ?? null,
  };
}
