# Four stages: packages, build, test (what the tests need), runtime (what the service needs, and nothing else).

FROM node:24-bookworm-slim AS packages
WORKDIR /app
RUN chown node:node /app
USER node
COPY --chown=node:node package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --no-update-notifier --loglevel=error

FROM packages AS build
COPY --chown=node:node tsconfig.json tsconfig.build.json ./
COPY --chown=node:node src src
# Optional packages are binaries of a checker that the service runs in JavaScript.
RUN npm run --silent build \
  && npm prune --omit=dev --omit=optional --no-audit --no-fund --no-update-notifier --loglevel=error

FROM packages AS test
USER root
# The approval store is tested against a real PostgreSQL, repository hygiene against real checkouts, the Makefile with make, and the
# example agent loop in Python where there is Python.
RUN apt-get update -qq \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends git make postgresql procps python3 \
  && rm -rf /var/lib/apt/lists/*
USER node
COPY --chown=node:node . .
RUN npm run --silent build
ENV CI=true
CMD ["npm", "test"]

FROM node:24-bookworm-slim AS runtime
LABEL org.opencontainers.image.title="llm-agent-control-plane" \
  org.opencontainers.image.description="Agents propose actions; only this control plane authorizes them." \
  org.opencontainers.image.licenses="MIT"
# The service needs Node alone: what installs packages has no place beside it.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
  && mkdir -p /var/lib/acp/audit /var/lib/acp/state /var/lib/acp/keys /var/lib/acp/database-secret \
  && chown -R node:node /var/lib/acp \
  && chmod 0700 /var/lib/acp/audit /var/lib/acp/state /var/lib/acp/keys
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY policies policies
# V8 sizes its nursery by the memory it sees: in a container of 512 MB so small that collecting it takes a third of the
# processor; where it sees no limit, so large that the service holds nearly twice as much. The C library would keep room of
# its own for each thread.
ENV NODE_ENV=production \
  NODE_OPTIONS=--max-semi-space-size=8 \
  MALLOC_ARENA_MAX=2 \
  ACP_AUDIT_LOG_DIR=/var/lib/acp/audit \
  ACP_STATE_DIR=/var/lib/acp/state
# By number, so that a cluster can see that it is not root.
USER 1000:1000
VOLUME ["/var/lib/acp/audit", "/var/lib/acp/state"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ACP_PORT||8080}/health`).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "dist/cli/main.js", "serve"]
