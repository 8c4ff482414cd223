import { rmSync } from 'node:fs';
import type { InstanceFolder } from './instance-folder.mts';
import { freePorts } from './ports.mts';
import { endProcess, isRunning, type ProcessIdentity } from './processes.mts';
import {
  type ClusterSecrets,
  nodeName,
  prepareRabbitmq,
  RABBITMQ_USER,
  type RabbitmqPorts,
} from './rabbitmq-environment.mts';
import { managementGet } from './rabbitmq-management.mts';
import type { RabbitmqPrograms } from './rabbitmq-programs.mts';
import { asUser } from './drop-privileges.mts';
import { mustRun } from './run-program.mts';
import { logLength, spawnServer, untilReady } from './spawn-server.mts';

const LABEL = 'rabbitmq';

interface Facts {
  node?: ProcessIdentity;
  epmd?: ProcessIdentity;
  ports: RabbitmqPorts;
  server: string;
}

/**
 * One private RabbitMQ node with the management plugin: own node name, cookie, port mapper and data,
 * all on 127.0.0.1. `start` after `stop` or `kill` comes back on the same ports with the same data.
 */
export class PrivateRabbitmq {
  readonly isPrivate = true;
  private readonly folder: InstanceFolder;
  private readonly programs: RabbitmqPrograms;
  private readonly cluster: ClusterSecrets | undefined;
  private running: Facts | undefined;
  private version = '';

  /** `cluster` makes it a node that can join others; without, it is one for itself. */
  constructor(folder: InstanceFolder, programs: RabbitmqPrograms, cluster?: ClusterSecrets) {
    this.folder = folder;
    this.programs = programs;
    this.cluster = cluster;
  }

  get nodeName(): string {
    return nodeName(this.folder);
  }

  /** The administrator's address; known once the server has started. */
  get url(): string {
    return this.address('amqp', this.ports.amqp);
  }

  get managementUrl(): string {
    return this.address('http', this.ports.management);
  }

  get description(): string {
    return `RabbitMQ ${this.version}`;
  }

  /** Takes over the node that a killed run left behind, when it answers. */
  async start(): Promise<void> {
    const leftOver = this.recall();
    if (await this.takeOver(leftOver)) return;
    for (let attempt = 1; ; attempt += 1) {
      const chosen = await choosePorts(attempt === 1 ? leftOver.ports : undefined);
      const ports = { ...chosen, ...(this.cluster && { epmd: this.cluster.epmdPort }) };
      try {
        return await this.startOn(ports);
      } catch (error) {
        await this.end(['SIGKILL']);
        const isTaken = (error as Error).message.includes('eaddrinuse');
        if (!isTaken || attempt === 3) throw error;
      }
    }
  }

  /** Ends in order; queues and messages are kept. */
  async stop(): Promise<void> {
    await this.end(['SIGTERM', 'SIGKILL']);
  }

  /** Ends the node as a crash would. */
  async kill(): Promise<void> {
    await this.end(['SIGKILL']);
  }

  /** Forgets everything a node had here, and ends one that a killed run left behind. */
  async removeData(): Promise<void> {
    await this.kill();
    rmSync(this.folder.serverFolder('rabbitmq'), { recursive: true, force: true });
  }

  /** Runs one command of `rabbitmqctl` on this node and returns its output. Throws what it said when it fails. */
  control(...args: string[]): Promise<string> {
    return mustRun(this.programs.control, args, {
      ...asUser(this.folder.user),
      env: this.prepare(this.ports),
      cwd: this.folder.serverFolder('rabbitmq'),
    });
  }

  private get ports(): RabbitmqPorts {
    if (!this.running) throw new Error('RabbitMQ has not been started.');
    return this.running.ports;
  }

  private async end(signals: NodeJS.Signals[]): Promise<void> {
    const { node, epmd } = this.recall();
    if (node) await endProcess(node, { signals, patienceMs: 30_000 });
    if (epmd) await endProcess(epmd, { signals: ['SIGTERM', 'SIGKILL'], patienceMs: 5000 });
  }

  private async startOn(ports: RabbitmqPorts): Promise<void> {
    const env = this.prepare(ports);
    const cwd = this.folder.serverFolder('rabbitmq');
    const facts: Facts = { ports, server: this.programs.server };
    // Ours is started first: otherwise the node starts one that outlives it, with no number to end it by.
    if (!this.cluster) {
      facts.epmd = await spawnEpmd(this.folder, this.programs, ports.epmd);
      this.folder.remember(LABEL, facts);
    }
    const logFrom = logLength(this.folder, LABEL);
    facts.node = await spawnServer(this.folder, {
      label: LABEL,
      command: this.programs.server,
      args: ['-noinput'],
      env,
      cwd,
    });
    this.folder.remember(LABEL, facts);
    const started = { label: LABEL, identity: facts.node, logFrom };
    await untilReady(this.folder, started, () => this.answers(ports), 120_000);
    this.running = facts;
  }

  private async takeOver(leftOver: Partial<Facts>): Promise<boolean> {
    const { node, epmd, ports, server } = leftOver;
    const isFound = this.cluster ? !epmd : epmd && isRunning(epmd);
    const isWhole = node && isRunning(node) && isFound;
    if (isWhole && ports && server === this.programs.server && (await this.answers(ports))) {
      this.running = { node, ...(epmd && { epmd }), ports, server };
      return true;
    }
    await this.end(['SIGTERM', 'SIGKILL']);
    return false;
  }

  /** The listener check proves that AMQP is served; the management page alone is up before that. */
  private async answers(ports: RabbitmqPorts): Promise<boolean> {
    const base = this.address('http', ports.management);
    const check = await managementGet(base, `/api/health/checks/port-listener/${ports.amqp}`);
    if (!check) return false;
    const overview = await managementGet(base, '/api/overview');
    this.version = (overview?.rabbitmq_version as string | undefined) ?? '';
    return true;
  }

  private recall(): Partial<Facts> {
    return this.folder.recall<Facts>(LABEL);
  }

  private address(scheme: string, port: number): string {
    return `${scheme}://${RABBITMQ_USER}:${this.password}@127.0.0.1:${port}`;
  }

  private get password(): string {
    return this.cluster?.password ?? this.folder.secret(LABEL);
  }

  private prepare(ports: RabbitmqPorts): Record<string, string> {
    return prepareRabbitmq(this.folder, ports, { ...this.cluster, password: this.password });
  }
}

/** A port mapper of its own, on 127.0.0.1. */
export function spawnEpmd(
  folder: InstanceFolder,
  { epmd }: RabbitmqPrograms,
  port: number,
): Promise<ProcessIdentity> {
  return spawnServer(folder, {
    label: 'epmd',
    command: epmd,
    args: ['-address', '127.0.0.1', '-port', String(port)],
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8' },
    cwd: folder.serverFolder('rabbitmq'),
  });
}

async function choosePorts(preferred?: RabbitmqPorts): Promise<RabbitmqPorts> {
  const { amqp, management, epmd, distribution } = preferred ?? {};
  const chosen = await freePorts([amqp, management, epmd, distribution]);
  const [first = 0, second = 0, third = 0, fourth = 0] = chosen;
  return { amqp: first, management: second, epmd: third, distribution: fourth };
}
