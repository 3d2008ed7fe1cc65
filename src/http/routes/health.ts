import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ControlPlane } from '../../domain/control-plane.js';
import { registerEndpoint, type RouteTable } from '../contract.js';

const healthSchema = z.strictObject({
  status: z.literal('ok'),
  mode: z.enum(['local', 'test', 'production']),
});

const livenessSchema = z.strictObject({ status: z.literal('alive') });

const readinessSchema = z.strictObject({
  status: z.enum(['ready', 'unavailable']),
  failing: z.array(z.string()),
});

type Mode = z.infer<typeof healthSchema>['mode'];

const open = { method: 'GET', access: null, errors: [] } as const;

/** Whether the process lives, and whether it can serve: open to anyone, naming parts and nothing else. */
export function registerHealthRoutes(
  app: FastifyInstance,
  table: RouteTable,
  { plane, mode }: { readonly plane: ControlPlane; readonly mode: Mode },
): void {
  const health = {
    ...open,
    url: '/health',
    summary: 'whether the service answers, and its mode',
    answer: healthSchema,
  };
  registerEndpoint(app, table, health, () => ({ status: 'ok', mode }));

  const liveness = { ...open, url: '/livez', summary: 'whether the process lives', answer: livenessSchema };
  registerEndpoint(app, table, liveness, () => ({ status: 'alive' }));

  const readiness = {
    ...open,
    url: '/readyz',
    summary: 'whether the service can decide',
    answer: readinessSchema,
    otherAnswers: { 503: readinessSchema },
  };
  registerEndpoint(app, table, readiness, async ({ reply }) => {
    const { ready, failing } = await plane.readiness();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'unavailable', failing });
  });
}
