import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

const shared: string[] = [];

// Hooks run in reverse order: this one comes after those of the file, which may close what writes there.
afterAll(() => {
  for (const path of shared) remove(path);
});

function make(): string {
  return mkdtempSync(join(tmpdir(), 'acp-test-'));
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/** A new directory that is gone when the test is; for a test or what runs before each. */
export function temporaryDirectory(): string {
  const path = make();
  onTestFinished(() => remove(path));
  return path;
}

/** A new directory that is gone when the tests of the file are; from anywhere in it. */
export function sharedDirectory(): string {
  const path = make();
  shared.push(path);
  return path;
}
