#!/bin/sh
# npm ci with what a company's network needs, and without the Node and the PostgreSQL that package.json brings
# along for machines that have none: they are half a gigabyte.
set -eu

if [ -f /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi
if [ -f /run/secrets/npmrc ]; then export NPM_CONFIG_USERCONFIG=/run/secrets/npmrc; fi
# An empty build argument is one that was not given.
if [ -z "${NPM_CONFIG_REGISTRY:-}" ]; then unset NPM_CONFIG_REGISTRY; fi

# `--omit=optional` would leave out the compiler's own binary as well.
npm pkg delete optionalDependencies
# No package needs its install script; allowScripts of package.json denies those that have one.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error "$@"
