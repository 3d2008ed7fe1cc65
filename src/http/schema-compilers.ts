import type { FastifyServerOptions } from 'fastify';

const refuseSchema = (): never => {
  throw new TypeError('a route has a schema of its own: its contract is what validates and documents it');
};

/**
 * For an application whose routes have contracts in place of Fastify's schemas: its own compilers of schemas are not
 * loaded, and a route that has a schema all the same is a fault at start.
 */
export const NO_SCHEMA_COMPILERS: Pick<FastifyServerOptions, 'schemaController'> = {
  schemaController: {
    compilersFactory: { buildValidator: () => refuseSchema, buildSerializer: () => refuseSchema },
  },
};
