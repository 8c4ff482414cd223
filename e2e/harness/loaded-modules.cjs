/**
 * Loaded into a service before its own code (NODE_OPTIONS=--require): writes a line for each package of
 * OpenTelemetry when the first file of it is loaded.
 */
const load = require.extensions['.js'];
const seen = new Set();

for (const extension of ['.js', '.cjs']) {
  require.extensions[extension] = function (module, filename) {
    const name = /node_modules\/(@opentelemetry\/[^/]+)/.exec(filename)?.[1];
    if (name !== undefined && !seen.has(name)) {
      seen.add(name);
      process.stdout.write(`${JSON.stringify({ event: 'loaded', name })}\n`);
    }
    return load(module, filename);
  };
}
