import { Client } from 'pg';
import { startScratchStack } from '../../scripts/lib/scratch-stack.mts';
import type { Stack, StackOptions } from '../../scripts/lib/stack.mts';
import { ApiClient } from './api-client.js';
import { MailCatcher } from './mail-catcher.js';

/** Waits between tries that a test can wait for; the same for every service, as the broker wants it. */
const shortTiersMs = '200,500,1000';

/** Everything, as processes, with the ways to look at it from outside. */
export interface TestStack {
  stack: Stack;
  api: ApiClient;
  mail: MailCatcher;
  /** An administrator's connection to the stack's database. */
  db: Client;
}

export interface HarnessOptions {
  env?: StackOptions['env'];
  /** A broker of the test's own, known once the suite's earlier `beforeAll` have run. */
  broker?: () => { url: string; managementUrl: string };
  /** How long the mail relay takes to answer, in milliseconds. (Default: 0) */
  relayThinksMs?: number;
}

/**
 * A stack for a suite, with a database and a virtual host of its own. Call it inside `describe`; what
 * it answers gives the stack once the suite runs.
 */
export function stackHarness({
  env = {},
  broker,
  relayThinksMs = 0,
}: HarnessOptions = {}): () => TestStack {
  let started: TestStack | undefined;
  jest.setTimeout(180_000);

  beforeAll(async () => {
    const mail = new MailCatcher(relayThinksMs);
    const smtpUrl = await mail.start();
    const common = { RETRY_TIERS_MS: shortTiersMs };
    const stack = await startScratchStack({
      smtpUrl,
      env: {
        gateway: { ...common, ...env.gateway },
        ingest: { ...common, ...env.ingest },
        notifier: { ...common, ...env.notifier },
      },
      ...(broker && { broker: broker() }),
    });
    const db = new Client({ connectionString: administratorOf(stack) });
    await db.connect();
    started = { stack, mail, db, api: new ApiClient(() => stack.url, stack.apiKey) };
  });

  afterAll(async () => {
    await started?.db.end();
    await started?.stack.stop();
    await started?.mail.stop();
  });

  return () => {
    if (!started) throw new Error('The stack has not been started yet.');
    return started;
  };
}

/** The same database, as the user that makes databases. */
function administratorOf({ databaseUrls }: Stack): string {
  const url = new URL(process.env['DATABASE_URL'] ?? '');
  url.pathname = new URL(databaseUrls.gateway).pathname;
  return url.href;
}
