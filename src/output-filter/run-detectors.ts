import { codeAt } from './characters.js';
import type { CompiledDetector } from './compiled-detector.js';
import { MIN_RUN } from './quiet-walk.js';
import type { Scan } from './scan.js';

/** Tries the detectors that have no keyword on the run from `start` to `end`. */
export type RunTrial = (scan: Scan, text: string, start: number, end: number) => void;

/** For each ASCII character the detectors of formats that may begin with it. */
function byFirstCharacter(detectors: readonly CompiledDetector[]): readonly (readonly CompiledDetector[])[] {
  return Array.from({ length: 128 }, (_, code) =>
    detectors.filter(({ begins }) => begins?.test(String.fromCharCode(code)) !== false),
  );
}

/** Makes the trial of detectors without keywords at the beginning of runs. */
export function createRunTrial(detectors: readonly CompiledDetector[]): RunTrial {
  const candidates = byFirstCharacter(detectors);
  return (scan, text, start, end) => {
    // A path or a sum of parts is one run: each part long enough is tried.
    for (let from = start; from <= end;) {
      const at = Math.min(end, scan.nextOf('/', from));
      const length = at - from;
      if (length >= MIN_RUN || from === start) {
        for (const detector of candidates[codeAt(text, from)] ?? []) {
          if (length < detector.minRun) continue;
          if (detector.follows === 0 || detector.follows === codeAt(text, from - 1))
            scan.tryDetector(detector, from);
        }
      }
      from = at + 1;
    }
  };
}
