#!/bin/sh
# Removes from node_modules what only people and compilers read: half of it. Licenses stay.
set -eu

find "$1" -type f \( \
  -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.flow' -o -name '*.tsbuildinfo' \
  -o -iname '*.md' -o -iname '*.markdown' \
\) ! -iname 'license*' ! -iname 'notice*' ! -iname 'copying*' -delete

# The same code once more: for browsers, or as it was written.
rm -rf "$1/typeorm/browser" "$1/zod/src" "$1/rxjs/src" "$1/rxjs/dist/bundles" "$1"/@types

find "$1" -type d -empty -delete
