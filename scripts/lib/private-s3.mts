import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { installPackage } from './install-package.mts';
import type { InstanceFolder } from './instance-folder.mts';
import type { Lifetime } from './lifetime.mts';
import { freePorts } from './ports.mts';
import { endProcess, type ProcessIdentity } from './processes.mts';
import { succeeds } from './run-program.mts';
import { say } from './say.mts';
import { logLength, spawnServer, untilReady } from './spawn-server.mts';

/** Where the tests find S3, as environment variables; empty where there is none. */
export type S3Environment = Record<string, string>;

const LABEL = 's3';
const BUCKET = 'offload';
const ACCESS_KEY = 'offload:tests';
/** Debian's own: its packages are not seen by any other Python. */
const PYTHON = '/usr/bin/python3';

/**
 * The S3 server at S3_TEST_URL, else a private one, which begins empty and ends with the lifetime.
 *
 * It is OpenStack Swift with its S3 API, as Debian and Ubuntu have it: a library, of which one process
 * makes a whole server. Elsewhere there is none, and the tests that want one are skipped.
 */
export async function startS3(lifetime: Lifetime, folder: InstanceFolder): Promise<S3Environment> {
  if (process.env.S3_TEST_URL) return {};
  if (!(await hasSwift())) {
    say(
      'There is no S3 server to test with, so those tests are skipped. Set S3_TEST_URL to have them.',
    );
    return {};
  }
  const startedAt = Date.now();
  await endSwift(folder);
  rmSync(folder.serverFolder(LABEL), { recursive: true, force: true });
  lifetime.add('S3', () => endSwift(folder));
  const secret = folder.secret(LABEL);
  const endpoint = await spawnSwift(folder, secret);
  await makeBucket(endpoint, secret);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  say(`OpenStack Swift speaks S3 at ${endpoint} (${seconds} s).`);
  return {
    S3_TEST_URL: `s3://${BUCKET}?endpoint=${encodeURIComponent(endpoint)}&path_style=true`,
    AWS_ACCESS_KEY_ID: ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: secret,
  };
}

async function hasSwift(): Promise<boolean> {
  return canImportSwift() || ((await installPackage('python3-swift')) && canImportSwift());
}

function canImportSwift(): boolean {
  return succeeds(PYTHON, ['-c', 'import swift.common.http_protocol']);
}

/** Of this run, or one that a killed run left behind. */
async function endSwift(folder: InstanceFolder): Promise<void> {
  const { pid, startedAt } = folder.recall<ProcessIdentity>(LABEL);
  if (pid === undefined || startedAt === undefined) return;
  await endProcess({ pid, startedAt }, { signals: ['SIGTERM', 'SIGKILL'], patienceMs: 5000 });
}

async function spawnSwift(folder: InstanceFolder, secret: string): Promise<string> {
  const [port = 0] = await freePorts([undefined]);
  const logFrom = logLength(folder, LABEL);
  const identity = await spawnServer(folder, {
    label: LABEL,
    command: PYTHON,
    args: [programIn(folder), folder.serverFolder(LABEL), String(port), ACCESS_KEY, secret],
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', PYTHONWARNINGS: 'ignore' },
    cwd: folder.serverFolder(LABEL),
  });
  folder.remember(LABEL, identity);
  const endpoint = `http://127.0.0.1:${port}`;
  const answers = async (): Promise<boolean> => {
    const answer = await fetch(endpoint).catch(() => undefined);
    return answer !== undefined;
  };
  await untilReady(folder, { label: LABEL, identity, logFrom }, answers, 60_000);
  return endpoint;
}

/** A copy among the server's files: its user may not be able to enter the checkout. */
function programIn(folder: InstanceFolder): string {
  const file = join(folder.serverFolder(LABEL), 'swift-s3.py');
  folder.writeServerFile(file, readFileSync(join(import.meta.dirname, 'swift-s3.py'), 'utf8'));
  return file;
}

async function makeBucket(endpoint: string, secretAccessKey: string): Promise<void> {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey },
  });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
}
