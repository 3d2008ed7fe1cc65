import { describe, expect, it } from 'vitest';
import { keyDigest } from './key-digest.js';
import { parsePrincipals } from './principals-file.js';

const digest = keyDigest('fake-key-of-the-bot');

const bot = `principals:
  - id: support-bot
    kind: agent
    owner: carol
    key_sha256: ${digest}
    users: [u-1, u-2]
    grants:
      - {tenant: tenant-a, roles: [user]}
    scopes: [run, authorize, filter]
`;

function human(change: string): string {
  return `principals:
  - id: alice
    kind: human
    key_sha256: sha256:${digest.toUpperCase()}
    grants: [{tenant: tenant-a, roles: [approver]}]
    scopes: [approve]
${change}`;
}

/** Lists of lists by reference, which are ten times as many values at every line. */
function bomb(): string {
  const lines = Array.from({ length: 9 }, (_, index) => {
    const inner = index === 0 ? 'x' : `*l${index - 1}`;
    return `l${index}: &l${index} [${Array.from({ length: 10 }, () => inner).join(', ')}]\n`;
  });
  return `${lines.join('')}principals: *l8\n`;
}

describe('parsePrincipals', () => {
  it('reads an agent with its owner, users, grants and scopes', () => {
    const [binding] = parsePrincipals(bot);
    expect(binding).toEqual({
      key_sha256: digest,
      principal: {
        id: 'support-bot',
        kind: 'agent',
        assurance: 'verified',
        users: ['u-1', 'u-2'],
        grants: [{ tenant: 'tenant-a', roles: ['user'] }],
        scopes: new Set(['run', 'authorize', 'filter']),
        owner: 'carol',
        subject: null,
      },
    });
  });

  it('lets a human act as itself alone, and takes a digest with its prefix in any case', () => {
    const [binding] = parsePrincipals(human(''));
    expect(binding?.key_sha256).toBe(digest);
    expect(binding?.principal.users).toEqual(['alice']);
    expect(parsePrincipals(human('    users: [alice]\n'))[0]?.principal.users).toEqual(['alice']);
  });

  it.each([
    ['a human for others', human('    users: [alice, bob]\n'), 'a human acts as itself'],
    ['a human for all', human('    users: "*"\n'), 'a human acts as itself'],
    ['a human with an owner', human('    owner: carol\n'), 'a human has no owner'],
    ['an approving agent', bot.replace('[run,', '[approve, run,'), 'only a human may have the scope approve'],
    [
      'an approving service',
      bot.replace('agent', 'service').replace('[run,', '[approve, run,'),
      'only a human may have the scope approve',
    ],
    ['an unknown scope', bot.replace('[run,', '[everything, run,'), 'principals.0.scopes.0'],
    ['an unknown kind', bot.replace('agent', 'gateway'), 'principals.0.kind'],
    ['an unknown key', human('    admin: true\n'), 'principals.0'],
    ['a short digest', bot.replace(digest, digest.slice(1)), 'must be 64 hex digits'],
    ['any role', bot.replace('roles: [user]', 'roles: ["*"]'), 'principals.0.grants.0.roles.0'],
    ['a reserved id', bot.replace('id: support-bot', 'id: anonymous'), 'this id is reserved'],
    ["a gateway's id", bot.replace('id: support-bot', 'id: "gateway:0"'), 'this id is reserved'],
    [
      'a key twice in one mapping',
      bot.replace('    owner: carol', '    owner: carol\n    owner: dan'),
      'not valid YAML',
    ],
    ['something else than a mapping', '- a\n', 'the file'],
    ['nothing', '', 'the file'],
    ['broken YAML', 'principals: [', 'not valid YAML'],
    ['an unknown tag', 'principals: !!js/function x', 'not valid YAML'],
    ['a key that is no string', bot.replace('owner:', '1:'), 'mapping keys must be strings (line 4)'],
    ['a reserved key', bot.replace('owner:', '__proto__:'), 'reserved mapping key (line 4)'],
    ['a number that loses digits', bot.replace('carol', '12345678901234567890'), 'integers safe (line 4)'],
    ['an alias to itself', 'principals: &all [*all]', 'alias without a finished anchor'],
    ['aliases that unfold without bound', bomb(), 'too large once unfolded'],
    ['a second document', `${bot}---\n${bot}`, 'not valid YAML'],
    ['YAML 1.1', `%YAML 1.1\n---\n${bot}`, 'must be YAML 1.2'],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parsePrincipals(text)).toThrow(message);
  });

  it('reads a service with scopes alone', () => {
    const text = `principals: [{id: scraper, kind: service, key_sha256: ${digest}, scopes: [metrics]}]`;
    expect(parsePrincipals(text)[0]?.principal).toMatchObject({ users: [], grants: [], owner: null });
  });

  it('reads as many principals as a file may hold', () => {
    const entry = (index: number) =>
      bot
        .replace('principals:\n', '')
        .replace('support-bot', `bot-${index}`)
        .replace(digest, keyDigest(`fake-key-${index}`));
    const text = `principals:\n${Array.from({ length: 10_000 }, (_, index) => entry(index)).join('')}`;
    expect(parsePrincipals(text)).toHaveLength(10_000);
  });

  it('reports every fault at once and no digest', () => {
    const text = bot.replace('agent', 'robot').replace('[run,', '[everything, run,');
    expect(() => parsePrincipals(text)).toThrow('principals.0.kind');
    expect(() => parsePrincipals(text)).toThrow('principals.0.scopes.0');
    expect(() => parsePrincipals(text)).not.toThrow(digest);
  });
});
