import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valuesOf, type JsonSchema } from '../helpers/json-schema-arbitrary.js';
import { authorizeBody } from '../helpers/requests.js';
import { startService, type TestService } from '../helpers/service.js';
import { sharedDirectory } from '../helpers/temporary-directory.js';

const KEYS = {
  gateway: 'fake-gateway-key-for-tests-000000',
  human: 'fake-key-of-a-human-000000000000',
  agent: 'fake-key-of-an-agent-00000000000',
};

interface Operation {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly {
    name: string;
    in: 'path' | 'query';
    required?: boolean;
    schema: JsonSchema;
  }[];
  readonly requestBody?: { content: Record<string, { schema: JsonSchema }> };
  readonly responses: Readonly<Record<string, { content: Readonly<Record<string, { schema: object }>> }>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { securitySchemes: { apiKey: { name: string } } };
}

/** A call as the document alone lets a client make it. */
interface Call {
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function principalsFile(): string {
  const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
  const path = join(sharedDirectory(), 'principals.yaml');
  writeFileSync(
    path,
    `principals:
  - { id: carla, kind: human, key_sha256: ${digest(KEYS.human)}, grants: [{ tenant: tenant-a, roles: [user, approver] }], scopes: [approve, 'policy:read', metrics] }
  - { id: agent-1, kind: agent, owner: dora, users: '*', key_sha256: ${digest(KEYS.agent)}, grants: [{ tenant: tenant-a, roles: [user, admin] }], scopes: [run, authorize] }
`,
  );
  return path;
}

function callsOf({ parameters = [], requestBody }: Operation): Arbitrary<Call> {
  const named = parameters.map((parameter) => {
    const values = valuesOf(parameter.schema) as Arbitrary<string>;
    // A URL cannot have a segment that is one of these: its reader takes it for a way through the path.
    const isSegment = (text: string): boolean => text !== '' && text !== '.' && text !== '..';
    return [parameter.name, parameter.in === 'path' ? values.filter(isSegment) : values] as const;
  });
  const required = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  const body = requestBody?.content['application/json']?.schema;
  return fc.record({
    parameters: fc.record(Object.fromEntries(named), { requiredKeys: required }),
    body: body === undefined ? fc.constant(undefined) : valuesOf(body),
  });
}

describe('a client that knows the OpenAPI document and nothing else', () => {
  let service: TestService;
  let base: string;
  let document: OpenApi;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const seen = new Map<string, Set<number>>();

  beforeAll(async () => {
    service = await startService({
      variables: {
        ACP_REQUIRE_API_AUTH: 'true',
        ACP_API_KEY: KEYS.gateway,
        ACP_PRINCIPALS_FILE: principalsFile(),
      },
    });
    base = await service.app.listen({ host: '127.0.0.1', port: 0 });
    document = (await (await fetch(`${base}/openapi.json`)).json()) as OpenApi;
  });
  afterAll(() => service.close());

  /** Sends a call, and holds its answer against what the document says of it. */
  async function send(
    path: string,
    method: string,
    operation: Operation,
    call: Call,
    headers: Record<string, string>,
    bytes?: string,
  ): Promise<number> {
    const url = new URL(
      path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(call.parameters[name] ?? '')),
      base,
    );
    for (const parameter of operation.parameters ?? []) {
      const value = call.parameters[parameter.name];
      if (parameter.in === 'query' && value !== undefined) url.searchParams.set(parameter.name, value);
    }
    const payload = bytes ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const response = await fetch(url, {
      method: method.toUpperCase(),
      headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    const where = `${method} ${path} answered ${response.status} ${text.slice(0, 200)} to ${payload}`;
    const mediaType = response.headers.get('content-type')?.split(';')[0] ?? '';
    const schema = operation.responses[response.status]?.content[mediaType]?.schema;
    expect(schema, `${where}: not in the document`).toBeDefined();
    const validate = ajv.compile(schema ?? false);
    const answer: unknown = mediaType === 'application/json' ? JSON.parse(text) : text;
    expect(validate(answer), `${where}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    const key = `${method} ${path}`;
    seen.set(key, (seen.get(key) ?? new Set()).add(response.status));
    return response.status;
  }

  function operations(): readonly (readonly [path: string, method: string, operation: Operation])[] {
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
    );
  }

  /** A gateway may state anyone, and so may be made to; deciding and reading the policy takes somebody. */
  function credentialOf(path: string, operation: Operation): Record<string, string> {
    if (operation.security === undefined) return {};
    const isForGateway = ['/run', '/v1/authorize', '/v1/filter'].includes(path);
    const key = isForGateway ? KEYS.gateway : KEYS.human;
    return { [document.components.securitySchemes.apiKey.name]: key };
  }

  it('can make every call, and finds every answer in the document', async () => {
    for (const [path, method, operation] of operations()) {
      const property = fc.asyncProperty(callsOf(operation), async (call) => {
        expect(await send(path, method, operation, call, credentialOf(path, operation))).toBeLessThan(500);
      });
      const isOptional = operation.requestBody === undefined && !path.includes('{');
      const examples: [Call][] = isOptional ? [[{ parameters: {}, body: undefined }]] : [];
      await fc.assert(property, { numRuns: 25, examples });
    }
    expect(seen.size).toBe(14);
    // What nobody has to know more for is done, not merely refused.
    for (const key of [
      'post /run',
      'post /v1/authorize',
      'post /v1/filter',
      'get /v1/approvals',
      'get /v1/policy',
      'get /metrics',
    ])
      expect(seen.get(key), key).toContain(200);
  });

  it('finds the refusals there too: no key, a wrong key, no JSON, no object, another type', async () => {
    for (const [path, method, operation] of operations()) {
      const [call] = fc.sample(callsOf(operation), 1);
      if (call === undefined || operation.security === undefined) continue;
      expect(await send(path, method, operation, call, {})).toBe(401);
      expect(await send(path, method, operation, call, { 'x-api-key': 'wrong' })).toBe(401);
      if (call.body === undefined) continue;
      const credential = credentialOf(path, operation);
      expect(await send(path, method, operation, call, credential, '{')).toBe(400);
      expect(await send(path, method, operation, call, credential, '[]')).toBe(422);
      expect(await send(path, method, operation, call, { ...credential, 'content-type': 'text/plain' })).toBe(
        415,
      );
      expect(await send(path, method, operation, call, credential, ' '.repeat(1_048_577))).toBe(413);
    }
  });

  it('follows an approval from the request to the grant and its revocation', async () => {
    const filed = await service.post(
      '/v1/authorize',
      authorizeBody({
        tool_name: 'send_email',
        arguments: { to: 'user@example.invalid', subject: 's', body: 'b' },
      }),
      { 'x-api-key': KEYS.agent },
    );
    const { approval_id } = filed.body['approval'] as { approval_id: string };
    const call = { parameters: { approval_id }, body: { reason: 'looked at it' } };
    const answers: number[] = [];
    for (const [path, method, operation] of operations().filter(([path]) => path.includes('{approval_id}'))) {
      const sent = { ...call, body: operation.requestBody === undefined ? undefined : call.body };
      answers.push(await send(path, method, operation, sent, credentialOf(path, operation)));
    }
    // Read, approved, not denied any more, revoked.
    expect(answers).toEqual([200, 200, 409, 200]);
  });
});
