import { randomBytes } from 'node:crypto';
import type { InstanceFolder } from './instance-folder.mts';
import { freePorts } from './ports.mts';
import { PrivateRabbitmq, spawnEpmd } from './private-rabbitmq.mts';
import { endProcess, type ProcessIdentity } from './processes.mts';
import type { RabbitmqPrograms } from './rabbitmq-programs.mts';
import { together } from './together.mts';

/**
 * Several RabbitMQ nodes on this machine, joined to one cluster: a folder, a name and ports for each,
 * one cookie and one port mapper for all. It begins empty at every start.
 */
export class RabbitmqCluster {
  readonly nodes: readonly PrivateRabbitmq[];
  private readonly epmd: ProcessIdentity;

  private constructor(nodes: readonly PrivateRabbitmq[], epmd: ProcessIdentity) {
    this.nodes = nodes;
    this.epmd = epmd;
  }

  /** One node in each folder. Leaves nothing running when it throws. */
  static async start(
    folders: readonly [InstanceFolder, ...InstanceFolder[]],
    programs: RabbitmqPrograms,
  ): Promise<RabbitmqCluster> {
    const [epmdPort = 0] = await freePorts([undefined]);
    const secrets = { epmdPort, cookie: secret(), password: secret() };
    const nodes = folders.map((folder) => new PrivateRabbitmq(folder, programs, secrets));
    // What a killed run left behind, and the cluster it was part of.
    await together(nodes.map((node) => node.removeData()));
    const epmd = await spawnEpmd(folders[0], programs, epmdPort);
    const cluster = new RabbitmqCluster(nodes, epmd);
    try {
      await together(nodes.map((node) => node.start()));
      await cluster.join();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** The administrator's addresses of all nodes, separated by commas, as RABBITMQ_URL takes them. */
  get url(): string {
    return this.nodes.map(({ url }) => url).join(',');
  }

  /** Of the first node; ask another while that one is away. */
  get managementUrl(): string {
    return this.nodes[0]?.managementUrl ?? '';
  }

  /** The node of that name in the broker's own reports. Throws when there is none. */
  nodeNamed(name: string): PrivateRabbitmq {
    const node = this.nodes.find(({ nodeName }) => nodeName === name);
    if (!node) throw new Error(`No node of this cluster is called ${name}.`);
    return node;
  }

  async stop(): Promise<void> {
    await together(this.nodes.map((node) => node.kill()));
    await endProcess(this.epmd, { signals: ['SIGTERM', 'SIGKILL'], patienceMs: 5000 });
  }

  private async join(): Promise<void> {
    const [first, ...others] = this.nodes;
    for (const node of others) {
      await node.control('stop_app');
      await node.control('join_cluster', first?.nodeName ?? '');
      await node.control('start_app');
    }
  }
}

function secret(): string {
  return randomBytes(18).toString('hex');
}
