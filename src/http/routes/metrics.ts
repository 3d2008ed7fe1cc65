import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { MetricsPage } from '../../domain/metrics.js';
import { registerEndpoint, type RouteTable } from '../contract.js';

const metricsContract = {
  method: 'GET',
  url: '/metrics',
  summary: 'figures for Prometheus',
  answer: z.string(),
  answerType: 'text/plain',
  errors: [],
} as const;

/** Figures of this process. They name tools, rules and reasons, so strangers do not read them in production. */
export function registerMetricsRoute(
  app: FastifyInstance,
  table: RouteTable,
  { page, isOpen }: { readonly page: MetricsPage; readonly isOpen: boolean },
): void {
  const access = isOpen ? null : ({ scopes: ['metrics'], evenOverloaded: true } as const);
  registerEndpoint(app, table, { ...metricsContract, access }, async ({ reply }) =>
    reply.type(page.contentType).send(await page.render()),
  );
}
