#!/usr/bin/env node
/**
 * Runs the built command line on a Node that fits it: this one, or the one that the installation of
 * the repository brings. Like scripts/bootstrap.cjs it may meet an old Node (18 and later), so it is
 * plain CommonJS with built-ins only.
 */
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..', '..');
const main = path.join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
const packaged = path.join(root, 'node_modules', '.bin', 'node');
// From here on Node can `require` ES modules, which some of our packages are.
const wanted = [22, 18];

if (!fs.existsSync(main)) {
  fail('offload has not been built yet. In the repository, run: npm run build');
} else if (isAtLeast(process.versions.node.split('.').map(Number), wanted)) {
  // Half of the start is compiling what has not changed since the last one.
  require('node:module').enableCompileCache?.();
  require(main);
} else if (fs.existsSync(packaged)) {
  runOn(fs.realpathSync(packaged));
} else {
  fail(
    `offload needs Node ${wanted.join('.')} or later and this is ${process.version}. ` +
      'In the repository, run: npm ci',
  );
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}

function isAtLeast(version, least) {
  const differing = least.findIndex((part, place) => part !== version[place]);
  return differing === -1 || version[differing] > least[differing];
}

function runOn(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}.`));
  // Ctrl-C reaches the whole group, `kill` only this process: the program takes both as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
}
