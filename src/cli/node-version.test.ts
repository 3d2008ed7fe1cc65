import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkNodeVersion, OLDEST_NODE } from './node-version.js';

describe('checkNodeVersion', () => {
  it.each(['24.10.0', '24.21.3', '25.0.0'])('accepts %s', (version) => {
    expect(checkNodeVersion(version)).toBeNull();
  });

  it.each(['18.20.4', '20.20.2', '24.9.0'])('says what is needed instead of %s', (version) => {
    expect(checkNodeVersion(version)).toBe(`Node.js 24.10.0 or later is needed, this is ${version}`);
  });

  it('asks for what the package asks for', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
    expect(engines.node).toBe(`>=${OLDEST_NODE}`);
  });
});
