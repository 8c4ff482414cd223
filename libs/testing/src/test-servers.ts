import { createHash, randomUUID } from 'node:crypto';
import { Client } from 'pg';

/**
 * A database and a virtual host for each jest worker, so that specs run side by side and nothing is
 * ever truncated. They are made at first use; the names carry the run, so runs do not meet.
 */

export interface TestServers {
  databaseUrl: string;
  rabbitmqUrl: string;
}

/** The URL of this worker's own database, made if it is missing. */
export async function workerDatabase(): Promise<string> {
  const name = `offload_test_${runId()}_${workerId()}`;
  const admin = new Client({ connectionString: required('DATABASE_URL') });
  await admin.connect();
  try {
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (!rowCount) await admin.query(`create database ${name}`);
  } finally {
    await admin.end();
  }
  const url = new URL(required('DATABASE_URL'));
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * The URL of a virtual host of this worker's own, made if it is missing.
 *
 * `purpose` gives a spec one for itself where it must not see the queues of another.
 */
export async function workerVhost(purpose = 'shared'): Promise<string> {
  const name = `offload-test-${runId()}-${workerId()}-${purpose}`;
  await management('PUT', `vhosts/${name}`);
  const url = new URL(required('RABBITMQ_URL'));
  const user = decodeURIComponent(url.username);
  await management('PUT', `permissions/${name}/${user}`, {
    configure: '.*',
    write: '.*',
    read: '.*',
  });
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * A STORAGE_URL within the bucket of the S3 server, different at each call; undefined where there is no such server
 * to test with. Its credentials are in the environment, where the SDK looks for them.
 */
export function freshS3Url(): string | undefined {
  const given = process.env['S3_TEST_URL'];
  if (given === undefined) return undefined;
  const url = new URL(given);
  url.pathname = `${url.pathname}/${randomUUID()}`;
  return url.href;
}

/** The URL of the broker's management API, with user and password. */
export function managementUrl(): string {
  return required('RABBITMQ_MANAGEMENT_URL');
}

/** Calls the broker's management API; `path` comes after `/api/`. Throws with the broker's own words. */
export async function management(method: string, path: string, body?: unknown): Promise<unknown> {
  const url = new URL(managementUrl());
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const response = await fetch(`${url.origin}/api/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

function runId(): string {
  const run = process.env['OFFLOAD_TEST_RUN'] ?? `${process.ppid}`;
  return createHash('sha256').update(run).digest('hex').slice(0, 8);
}

function workerId(): string {
  return process.env['JEST_WORKER_ID'] ?? '1';
}

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set. Run the integration tests with: npm run test:int`);
}
