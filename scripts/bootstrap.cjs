/**
 * Runs `scripts/<verb>.mts` on a bare clone as well as on a complete one.
 *
 * 1. The packages match package-lock.json, or `npm ci` makes them match.
 * 2. The verb runs on a Node that fits `engines`: the one from the node-linux-* package where there
 *    is one, else the running one.
 * 3. Arguments, signals and the exit code pass through.
 *
 * Only this file may run on an old Node (18 and later), so it is plain CommonJS with built-ins only.
 */
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const modules = path.join(root, 'node_modules');

main();

function main() {
  const [verb, ...rest] = process.argv.slice(2);
  const script = path.join(__dirname, `${verb}.mts`);
  if (!verb || !fs.existsSync(script)) {
    fail(`Usage: node scripts/bootstrap.cjs <verb>, where <verb> is one of ${verbs().join(', ')}.`);
  }
  installPackages();
  runOn(suitableNode(), script, rest);
}

function verbs() {
  const scripts = fs.readdirSync(__dirname).filter((name) => name.endsWith('.mts'));
  return scripts.map((name) => name.slice(0, -'.mts'.length));
}

/** A no-op when the stamp of an earlier run, or npm's own record, says that everything is there. */
function installPackages() {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamp = path.join(modules, '.offload-lock');
  if (readIfAny(stamp) === hash) return;
  if (!matchesInstalled(JSON.parse(lock.toString()))) {
    console.log('Installing the packages of package-lock.json; this takes about a minute …');
    const startedAt = Date.now();
    runNpm([
      'ci',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
    console.log(`Packages installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  }
  try {
    fs.writeFileSync(stamp, hash);
  } catch {
    // Packages installed by another user are as good; they are only compared again next time.
  }
}

/** Compares with the record npm leaves behind, so that packages somebody installed by hand are kept. */
function matchesInstalled(lock) {
  const record = readIfAny(path.join(modules, '.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages ?? {};
  return Object.entries(lock.packages).every(([folder, wanted]) => {
    if (folder === '' || wanted.link) return true;
    const found = installed[folder];
    if (found) return found.version === wanted.version && found.integrity === wanted.integrity;
    return Boolean(wanted.optional) && !fitsMachine(wanted);
  });
}

/**
 * Optional packages for another system, and what only they need, are rightly absent. Which libc runs
 * here is npm's to know.
 */
function fitsMachine({ os = [], cpu = [], libc }) {
  return os.includes(process.platform) && cpu.includes(process.arch) && !libc;
}

/** Keeps node_modules/.bin off PATH: `npm ci` removes the Node that lives there. */
function runNpm(args) {
  const outside = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => !folder.endsWith(path.join('node_modules', '.bin')));
  const env = { ...process.env, PATH: outside.join(path.delimiter) };
  const windows = process.platform === 'win32';
  const result = spawnSync('npm', args, { cwd: root, env, stdio: 'inherit', shell: windows });
  if (result.error) fail(`npm could not be started: ${result.error.message}.`);
  if (result.status !== 0) fail(`npm ${args[0]} failed. Mend what it says above and try again.`);
}

function suitableNode() {
  const { engines } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const wanted = engines.node.replace('>=', '').split('.').map(Number);
  const packaged = path.join(modules, '.bin', 'node');
  for (const candidate of [packaged, process.execPath]) {
    // The packaged Node is linked against glibc, so it may exist and still not run (Alpine).
    const { status, stdout } = spawnSync(candidate, ['--version'], { encoding: 'utf8' });
    if (status === 0 && isAtLeast(stdout.trim().slice(1).split('.').map(Number), wanted)) {
      return fs.realpathSync(candidate);
    }
  }
  return fail(`Node ${engines.node} is needed and this is ${process.version}: https://nodejs.org.`);
}

function isAtLeast(version, wanted) {
  const differing = wanted.findIndex((part, place) => part !== version[place]);
  return differing === -1 || version[differing] > wanted[differing];
}

function runOn(node, script, args) {
  const bin = path.join(modules, '.bin');
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` };
  // Stripping types, and telling a .ts module by its syntax, is what we rely on; Node remarks on both.
  const options = ['ExperimentalWarning', 'MODULE_TYPELESS_PACKAGE_JSON'].map(
    (warning) => `--disable-warning=${warning}`,
  );
  const child = spawn(node, [...options, script, ...args], { cwd: root, env, stdio: 'inherit' });
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}.`));
  // Ctrl-C reaches the whole group, `kill` only this process: the verb takes a repeated signal as one.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  // npm hands a signal only to the shell between it and us, and that ends without a word. Started by
  // hand, in the background for instance, we outlive the terminal as any program does.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event && process.ppid !== parent) child.kill('SIGTERM');
  }, 500);
  child.on('exit', (code, signal) => {
    clearInterval(watch);
    for (const each of signals) process.removeAllListeners(each);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
}

function readIfAny(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
