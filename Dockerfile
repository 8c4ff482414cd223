# The images of Offload: one target each for gateway, ingest and notifier, and migrate, which prepares a deployment.
#
#   docker build --target gateway --tag offload/gateway:0.1.0 .
#
# BuildKit is needed: it is the default since Docker 23, before that set DOCKER_BUILDKIT=1. Behind a proxy, a mirror or a company's
# certificate authority, see docs/runbooks/deploy-compose.md, "Building".

# Elsewhere than on Docker Hub, or with more in it: any image of Debian with Node 24, npm and a user 1000.
ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS base
WORKDIR /app

# What is the same for every version comes first, so that an upgrade downloads little.
FROM base AS system
RUN apt-get update \
 && apt-get install --yes --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log \
 && install --directory --owner=1000 --group=1000 /data /data/files

# npm takes registry, proxy and certificates from its own variables and from the secrets `npmrc` and `ca`; both may be left out.
FROM base AS npm
ARG NPM_CONFIG_REGISTRY
COPY deploy/image/npm-ci.sh /usr/local/bin/npm-ci
COPY package.json package-lock.json .npmrc ./

FROM npm AS dependencies
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=ca --mount=type=secret,id=npmrc \
    npm-ci --omit=dev --workspaces=false
COPY deploy/image/prune.sh /usr/local/bin/prune
RUN prune node_modules

FROM npm AS build
COPY apps/cli/package.json apps/cli/
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=ca --mount=type=secret,id=npmrc \
    npm-ci
COPY nest-cli.json tsconfig.json ./
COPY libs libs
COPY apps apps
# As `npm run build` compiles; the types were checked before, by `npm run check`.
RUN npx --no-install nest build gateway

FROM system AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
COPY deploy/image/healthcheck.cjs ./
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY --from=build /app/dist/libs dist/libs
USER 1000:1000
EXPOSE 8080
ENTRYPOINT ["tini", "--"]
# Ready, not only alive: whoever waits for a healthy container wants it to work. It restarts nothing.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["node", "healthcheck.cjs"]

FROM runtime AS gateway
COPY --from=build /app/dist/apps/gateway dist/apps/gateway
CMD ["node", "--enable-source-maps", "--max-semi-space-size=4", "dist/apps/gateway/src/main.js"]
ARG VERSION=0.0.0 REVISION=unknown SOURCE= LICENSES=Apache-2.0
LABEL org.opencontainers.image.title="Offload gateway" \
      org.opencontainers.image.description="The HTTP side of Offload: accepts work, shows it, streams progress." \
      org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" org.opencontainers.image.licenses="${LICENSES}"

FROM runtime AS ingest
COPY --from=build /app/dist/apps/ingest dist/apps/ingest
CMD ["node", "--enable-source-maps", "--max-semi-space-size=4", "dist/apps/ingest/src/main.js"]
ARG VERSION=0.0.0 REVISION=unknown SOURCE= LICENSES=Apache-2.0
LABEL org.opencontainers.image.title="Offload ingest" \
      org.opencontainers.image.description="Reads files and stores their rows in typed tables." \
      org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" org.opencontainers.image.licenses="${LICENSES}"

FROM runtime AS notifier
COPY --from=build /app/dist/apps/notifier dist/apps/notifier
CMD ["node", "--enable-source-maps", "--max-semi-space-size=4", "dist/apps/notifier/src/main.js"]
ARG VERSION=0.0.0 REVISION=unknown SOURCE= LICENSES=Apache-2.0
LABEL org.opencontainers.image.title="Offload notifier" \
      org.opencontainers.image.description="Hands e-mails to the mail relay." \
      org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" org.opencontainers.image.licenses="${LICENSES}"

FROM runtime AS migrate
COPY --from=build /app/dist/apps dist/apps
CMD ["node", "--enable-source-maps", "dist/apps/migrate/src/main.js"]
# It ends by itself and listens to nothing.
HEALTHCHECK NONE
ARG VERSION=0.0.0 REVISION=unknown SOURCE= LICENSES=Apache-2.0
LABEL org.opencontainers.image.title="Offload migrate" \
      org.opencontainers.image.description="Prepares the database and the object storage of a deployment, and ends." \
      org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" org.opencontainers.image.licenses="${LICENSES}"
