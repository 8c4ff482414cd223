import { DockerContainer } from './docker-container.mts';
import type { InstanceFolder } from './instance-folder.mts';
import { poll } from './poll.mts';
import { freePorts } from './ports.mts';
import { RABBITMQ_USER } from './rabbitmq-environment.mts';
import { managementGet } from './rabbitmq-management.mts';
import type { RabbitmqServer } from './rabbitmq.mts';

interface Facts {
  amqp: number;
  management: number;
}

/** The official image; used where no RabbitMQ programs are installed. */
export class RabbitmqInDocker implements RabbitmqServer {
  readonly isPrivate = true;
  readonly description = 'RabbitMQ 4 in Docker';
  url = '';
  managementUrl = '';
  private readonly folder: InstanceFolder;
  private container: DockerContainer | undefined;

  constructor(folder: InstanceFolder) {
    this.folder = folder;
  }

  async start(): Promise<void> {
    const before = this.folder.recall<Facts>('rabbitmq-docker');
    const [amqp = 0, management = 0] = await freePorts([before.amqp, before.management]);
    this.folder.remember('rabbitmq-docker', { amqp, management });
    const password = this.folder.secret('rabbitmq');
    this.container = new DockerContainer(this.folder, {
      label: 'rabbitmq',
      image: 'rabbitmq:4-management',
      env: { RABBITMQ_DEFAULT_USER: RABBITMQ_USER, RABBITMQ_DEFAULT_PASS: password },
      ports: new Map([
        [5672, amqp],
        [15672, management],
      ]),
      dataFolder: '/var/lib/rabbitmq',
      hostname: 'rabbitmq',
    });
    await this.container.start();
    this.url = `amqp://${RABBITMQ_USER}:${password}@127.0.0.1:${amqp}`;
    this.managementUrl = `http://${RABBITMQ_USER}:${password}@127.0.0.1:${management}`;
    const check = '/api/health/checks/port-listener/5672';
    const isReady = await poll(() => managementGet(this.managementUrl, check), {
      withinMs: 180_000,
      everyMs: 300,
    });
    if (!isReady)
      throw new Error(`RabbitMQ in Docker does not answer:\n${await this.container.log()}`);
  }

  async stop(): Promise<void> {
    await this.container?.stop();
  }

  async kill(): Promise<void> {
    await this.container?.kill();
  }

  async control(...args: string[]): Promise<string> {
    if (!this.container) throw new Error('RabbitMQ has not been started.');
    return this.container.run('rabbitmqctl', ...args);
  }
}
