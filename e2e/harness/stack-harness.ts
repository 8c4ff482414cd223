import { Client } from 'pg';
import { startScratchStack } from '../../scripts/lib/scratch-stack.mts';
import type { Stack, StackOptions } from '../../scripts/lib/stack.mts';
import { ApiClient } from './api-client.js';
import { BrokerProxy } from './broker-proxy.js';
import { MailCatcher } from './mail-catcher.js';
import { suiteEndings } from './suite-endings.js';

/** Waits between tries that a test can wait for; the same for every service, as the broker wants it. */
const shortTiersMs = '200,500,1000';

type Environments = NonNullable<StackOptions['env']>;

export interface HarnessOptions {
  /** Of each service; a function where it is known once the suite's earlier `beforeAll` have run. */
  env?: Environments | (() => Environments);
  /** A broker of the test's own, known once the suite's earlier `beforeAll` have run. */
  broker?: () => BrokerAddresses;
  /** A database server of the test's own, likewise. */
  database?: () => { url: string };
  /** The services reach the broker through a proxy, which can keep their acks back. (Default: false) */
  behindProxy?: boolean;
  /** How long the mail relay takes to answer, in milliseconds. (Default: 0) */
  relayThinksMs?: number;
}

interface BrokerAddresses {
  url: string;
  managementUrl: string;
}

/** Everything, as processes, with the ways to look at it from outside. */
export class TestStack {
  readonly api: ApiClient;

  constructor(
    readonly stack: Stack,
    readonly mail: MailCatcher,
    private readonly connection: Connection,
    /** Of the broker, not by way of a proxy. */
    readonly managementUrl: string,
    private readonly proxyOrNot: BrokerProxy | undefined,
  ) {
    this.api = new ApiClient(() => stack.url, stack.apiKey);
  }

  /** An administrator's connection to the stack's database. */
  get db(): Client {
    return this.connection.client;
  }

  get proxy(): BrokerProxy {
    if (!this.proxyOrNot) throw new Error('Ask the harness for a stack behind a proxy.');
    return this.proxyOrNot;
  }

  /** Connects to the database again; for when its server has been away. */
  async reconnect(): Promise<void> {
    await this.connection.renew();
  }
}

/**
 * A stack for a suite, with a database and a virtual host of its own. Call it inside `describe`; what
 * it answers gives the stack once the suite runs.
 */
export function stackHarness(options: HarnessOptions = {}): () => TestStack {
  let started: TestStack | undefined;
  const whenDone = suiteEndings();
  jest.setTimeout(180_000);

  beforeAll(async () => {
    started = await startTestStack(options, whenDone);
  });

  return () => {
    if (!started) throw new Error('The stack has not been started yet.');
    return started;
  };
}

async function startTestStack(
  { env = {}, broker, database, behindProxy = false, relayThinksMs = 0 }: HarnessOptions,
  whenDone: (ending: () => Promise<void>) => void,
): Promise<TestStack> {
  const mail = new MailCatcher(relayThinksMs);
  const smtpUrl = await mail.start();
  whenDone(() => mail.stop());
  const { url, managementUrl } = broker?.() ?? sharedBroker();
  const proxy = behindProxy ? await BrokerProxy.start(url) : undefined;
  if (proxy) whenDone(() => proxy.stop());
  const databaseUrl = database?.().url ?? required('DATABASE_URL');
  const own = typeof env === 'function' ? env() : env;
  const common = { RETRY_TIERS_MS: shortTiersMs };
  const stack = await startScratchStack({
    smtpUrl,
    env: {
      gateway: { ...common, ...own.gateway },
      ingest: { ...common, ...own.ingest },
      notifier: { ...common, ...own.notifier },
    },
    broker: { url: proxy?.url ?? url, managementUrl },
    databaseUrl,
  });
  whenDone(() => stack.stop());
  const connection = new Connection(asAdministrator(databaseUrl, stack));
  await connection.renew();
  whenDone(() => connection.end());
  return new TestStack(stack, mail, connection, managementUrl, proxy);
}

class Connection {
  private current: Client | undefined;

  constructor(private readonly url: string) {}

  get client(): Client {
    if (!this.current) throw new Error('There is no connection to the database.');
    return this.current;
  }

  async renew(): Promise<void> {
    await this.end();
    this.current = new Client({ connectionString: this.url });
    // A server that is stopped breaks it off; whoever asks it something next learns that.
    this.current.on('error', () => undefined);
    await this.current.connect();
  }

  async end(): Promise<void> {
    await this.current?.end().catch(() => undefined);
  }
}

/** The stack's database, as the user that makes databases. */
function asAdministrator(databaseUrl: string, { databaseUrls }: Stack): string {
  const url = new URL(databaseUrl);
  url.pathname = new URL(databaseUrls.gateway).pathname;
  return url.href;
}

function sharedBroker(): BrokerAddresses {
  return { url: required('RABBITMQ_URL'), managementUrl: required('RABBITMQ_MANAGEMENT_URL') };
}

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set: run this through npm test.`);
}
