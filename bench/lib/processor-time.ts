import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second. */
const MICROSECONDS_PER_TICK = 10_000;

/** Where in /proc/…/stat, after the name: user and system time of the process, then of its children that ended. */
const OWN_TIMES = [11, 12];
const CHILDREN_TIMES = [13, 14];

function readTimes(pid: number | 'self', places: readonly number[]): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return places.reduce((sum, place) => sum + Number(fields[place]), 0) * MICROSECONDS_PER_TICK;
  } catch {
    return 0;
  }
}

/** Microseconds of processor time that a process took so far, in steps of 10 ms; 0 where the system does not tell. */
export function processorMicroseconds(pid: number): number {
  return readTimes(pid, OWN_TIMES);
}

/** The same for this process and the programs that it started and that have ended. */
export function ownProcessorMicroseconds(): number {
  return readTimes('self', [...OWN_TIMES, ...CHILDREN_TIMES]);
}
