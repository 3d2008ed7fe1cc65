import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 make every new object where it collects often. To be called before there is load.
 *
 * V8 notes where the code makes objects that outlive two collections, and from then on makes all from that place among
 * the old ones. In a burst of many connections whatever belongs to an answer lives that long. Afterwards each answer would
 * leave a few old objects behind that keep the rest of it from being collected with the young ones: every collection
 * would copy thousands of answered requests, for the rest of the process's life.
 */
export function keepNewObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
