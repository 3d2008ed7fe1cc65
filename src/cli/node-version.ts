/** The oldest Node.js that has all that the program needs, as `engines` of package.json says. */
export const OLDEST_NODE = '24.10.0';

/** Why this version of Node.js cannot run the program; null where it can. */
export function checkNodeVersion(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = OLDEST_NODE.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return null;
  return `Node.js ${OLDEST_NODE} or later is needed, this is ${version}`;
}
