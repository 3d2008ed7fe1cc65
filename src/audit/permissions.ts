import { statSync } from 'node:fs';

const OTHERS = 0o007;
const GROUP = 0o070;

/**
 * Whether someone besides the service may read or write a file, or enter a directory.
 *
 * The group counts only where the service owns it: what belongs to another user, such as a secret that is mounted into
 * a container, is read by means of the group. `userId` is null where the system has none, and nothing is said.
 *
 * @throws the operating system's error
 */
export function isOpenToOthers(path: string, userId: number | null = process.getuid?.() ?? null): boolean {
  if (userId === null) return false;
  const { mode, uid } = statSync(path);
  return (mode & OTHERS) !== 0 || (uid === userId && (mode & GROUP) !== 0);
}
