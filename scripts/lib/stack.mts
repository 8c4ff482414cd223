import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newApiKey } from '../../apps/gateway/src/access/api-key.ts';
import { ensureBuilt } from './build-output.mts';
import { migrateServices, provisionInstance } from './migrate-services.mts';
import type { DatabaseUrls } from './provision-database.mts';
import type { Servers } from './servers.mts';
import { ServiceProcess } from './service-process.mts';
import { entryOf, SERVICES, type Service } from './services.mts';

export interface StackOptions {
  databaseUrls: DatabaseUrls;
  rabbitmqUrl: string;
  rabbitmqManagementUrl?: string | undefined;
  /** Where the notifier hands its mail to. */
  smtpUrl: string;
  /** For logs/<label>.log and files/ (the shared storage); made when missing. */
  folder: string;
  /** The gateway's first key. (Default: a random one) */
  apiKey?: string;
  /** Added to a service's environment, and stronger than what is set here. */
  env?: Partial<Record<Service, Record<string, string>>>;
}

/** The three services as processes, over servers that run already. Expects dist/ to be built. */
export class Stack {
  readonly apiKey: string;
  readonly databaseUrls: DatabaseUrls;
  readonly rabbitmqUrl: string;
  /** The first of each kind; replaced by whoever restarts one. */
  readonly services = new Map<Service, ServiceProcess>();
  private readonly options: StackOptions;
  private readonly replicas: ServiceProcess[] = [];
  private readonly endings: (() => Promise<void>)[] = [];

  /** Migrates, starts every service and returns once all are ready. Leaves nothing when it throws. */
  static async start(options: StackOptions): Promise<Stack> {
    const stack = new Stack(options);
    try {
      await migrateServices(options.databaseUrls);
      // A command that nobody has declared a queue for is unrouted, so those who obey come first.
      await stack.startAll(SERVICES.filter((service) => service !== 'gateway'));
      await stack.startAll(['gateway']);
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  private async startAll(services: readonly Service[]): Promise<void> {
    const started = await Promise.allSettled(
      services.map(async (service) => this.services.set(service, await this.startOne(service))),
    );
    const failed = started.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private constructor(options: StackOptions) {
    this.options = options;
    this.apiKey = options.apiKey ?? newApiKey();
    this.databaseUrls = options.databaseUrls;
    this.rabbitmqUrl = options.rabbitmqUrl;
    mkdirSync(this.storageFolder, { recursive: true });
  }

  /** Of the first gateway, for instance http://127.0.0.1:41234. */
  get url(): string {
    return this.service('gateway').url;
  }

  get logFolder(): string {
    return join(this.options.folder, 'logs');
  }

  get storageFolder(): string {
    return join(this.options.folder, 'files');
  }

  service(name: Service): ServiceProcess {
    const service = this.services.get(name);
    if (!service) throw new Error(`${name} has not been started.`);
    return service;
  }

  /** One more process of a service, stopped with the stack. */
  async startReplica(service: Service, env: Record<string, string> = {}): Promise<ServiceProcess> {
    const replica = await this.startOne(service, `${service}-${this.replicas.length + 2}`, env);
    this.replicas.push(replica);
    return replica;
  }

  /** Starts the first process of a service again, after it was stopped or killed. */
  async startAgain(service: Service, env: Record<string, string> = {}): Promise<ServiceProcess> {
    const started = await this.startOne(service, service, env);
    this.services.set(service, started);
    return started;
  }

  /** Runs after the services have stopped; the last registered runs first. */
  whenStopped(ending: () => Promise<void>): void {
    this.endings.push(ending);
  }

  /** Stops every service in order. Safe to repeat. */
  async stop(): Promise<void> {
    const running = [...this.services.values(), ...this.replicas.splice(0)];
    await Promise.all(running.map((service) => service.stop()));
    for (const ending of this.endings.splice(0).toReversed()) await ending();
  }

  private startOne(
    service: Service,
    label: string = service,
    env: Record<string, string> = {},
  ): Promise<ServiceProcess> {
    return ServiceProcess.start({
      label,
      entry: entryOf(service),
      logFile: join(this.logFolder, `${label}.log`),
      env: { ...this.environmentOf(service), ...this.options.env?.[service], ...env },
    });
  }

  private environmentOf(service: Service): Record<string, string> {
    const { rabbitmqUrl, rabbitmqManagementUrl, smtpUrl, databaseUrls } = this.options;
    const own: Record<Service, Record<string, string>> = {
      gateway: { STORAGE_FOLDER: this.storageFolder, BOOTSTRAP_API_KEY: this.apiKey },
      ingest: { STORAGE_FOLDER: this.storageFolder },
      notifier: { SMTP_URL: smtpUrl, MAIL_FROM: 'Offload <offload@example.test>' },
    };
    return {
      DATABASE_URL: databaseUrls[service],
      RABBITMQ_URL: rabbitmqUrl,
      ...(rabbitmqManagementUrl && { RABBITMQ_MANAGEMENT_URL: rabbitmqManagementUrl }),
      LOG_LEVEL: 'info',
      ...own[service],
    };
  }
}

/** The stack of an instance: its database `offload`, one role per service on a private server. */
export async function startStack(
  { folder, postgres, rabbitmq }: Servers,
  options: Pick<StackOptions, 'smtpUrl' | 'env'>,
): Promise<Stack> {
  await ensureBuilt();
  return Stack.start({
    ...options,
    databaseUrls: await provisionInstance(folder, postgres),
    rabbitmqUrl: rabbitmq.url,
    rabbitmqManagementUrl: rabbitmq.managementUrl,
    folder: folder.path,
    apiKey: folder.secret('api-key', newApiKey),
  });
}

/** How a person at a shell asks this stack, without the command. */
export function commandLineOf({ url, apiKey }: Pick<Stack, 'url' | 'apiKey'>): string {
  return `OFFLOAD_URL=${url} OFFLOAD_API_KEY=${apiKey} npx offload`;
}
