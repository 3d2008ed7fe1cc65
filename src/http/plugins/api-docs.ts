import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { registerEndpoint, type RouteTable } from '../contract.js';

const documentContract = {
  method: 'GET',
  url: '/openapi.json',
  summary: 'this document',
  access: null,
  answer: z.record(z.string(), z.unknown()),
  errors: [],
} as const;

/** Collects the routes into an OpenAPI 3.1 document. Register before the routes. */
export async function registerOpenApi(
  app: FastifyInstance,
  table: RouteTable,
  version: string,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'LLM agent control plane',
        description: 'Agents may propose actions; only the external control plane can authorize them.',
        version,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: ({ url, route }) => {
      const method = Array.isArray(route.method) ? '' : route.method;
      const document = table.document(method, url);
      return { url, schema: document === undefined ? { hide: true } : document };
    },
  });
}

/** Serves the document, and a page that renders it from files of its own: nothing is fetched from elsewhere. */
export async function registerApiDocs(app: FastifyInstance, table: RouteTable): Promise<void> {
  registerEndpoint(app, table, documentContract, () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { validatorUrl: null },
    logLevel: 'silent',
  });
}
