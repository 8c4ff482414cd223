import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkoutHash, type InstanceFolder } from './instance-folder.mts';

export const RABBITMQ_USER = 'offload';

export interface RabbitmqPorts {
  amqp: number;
  management: number;
  /** Of the private epmd, and of Erlang's own traffic. */
  epmd: number;
  distribution: number;
}

/** What the nodes of one cluster have in common. */
export interface ClusterSecrets {
  /** Of the port mapper that all of them are found through. */
  epmdPort: number;
  cookie: string;
  password: string;
}

/**
 * Writes the configuration of one private node and returns the whole environment to start it (and
 * its command-line tools) with. Nothing of /etc/rabbitmq and nothing of the caller's environment
 * takes part; every port is on 127.0.0.1.
 */
export function prepareRabbitmq(
  folder: InstanceFolder,
  ports: RabbitmqPorts,
  { password, cookie = randomBytes(18).toString('hex') }: { password: string; cookie?: string },
): Record<string, string> {
  const home = folder.serverFolder('rabbitmq');
  const inHome = (name: string): string => join(home, name);
  for (const part of ['mnesia', 'log', 'generated']) folder.serverFolder('rabbitmq', part);
  folder.writeServerFile(inHome('enabled_plugins'), '[rabbitmq_management].\n');
  folder.writeServerFile(inHome('env.conf'), '');
  folder.writeServerFile(inHome('advanced.config'), '[].\n');
  folder.writeServerFile(inHome('rabbitmq.conf'), configuration(ports, password));
  if (!existsSync(inHome('.erlang.cookie'))) {
    folder.writeServerFile(inHome('.erlang.cookie'), cookie);
  }
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ERL_CRASH_DUMP_BYTES: '0',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: nodeName(folder),
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_DIST_PORT: String(ports.distribution),
    // Without these the command line wants ports 10 000 above the node's, which may be none.
    RABBITMQ_CTL_DIST_PORT_MIN: '35672',
    RABBITMQ_CTL_DIST_PORT_MAX: '65535',
    RABBITMQ_MNESIA_BASE: inHome('mnesia'),
    RABBITMQ_LOG_BASE: inHome('log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: inHome('node.pid'),
    RABBITMQ_CONFIG_FILE: inHome('rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: inHome('advanced.config'),
    RABBITMQ_CONF_ENV_FILE: inHome('env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: inHome('enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: inHome('generated'),
    // Two nodes on one machine must not be bound to the same cores.
    RABBITMQ_SCHEDULER_BIND_TYPE: 'u',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: erlangArguments(),
    // The start script then becomes the server instead of staying between us and it.
    RABBITMQ_ALLOW_INPUT: '1',
  };
}

/** By this name the nodes of a cluster, and the broker's own reports, know a node. */
export function nodeName(folder: InstanceFolder): string {
  return `offload-${folder.name}-${checkoutHash()}@localhost`;
}

function configuration(ports: RabbitmqPorts, password: string): string {
  return [
    `listeners.tcp.default = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    `default_user = ${RABBITMQ_USER}`,
    `default_pass = ${password}`,
    'vm_memory_high_watermark.absolute = 1GB',
    'disk_free_limit.absolute = 100MB',
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
    '',
  ].join('\n');
}

/** Few schedulers that do not spin: the machine has our services to run as well. */
function erlangArguments(): string {
  const schedulers = Math.min(availableParallelism(), 4);
  return [
    `+S ${schedulers}:${schedulers} +SDio 16`,
    '+sbwt none +sbwtdcpu none +sbwtdio none',
    '+B i',
    '-kernel inet_dist_use_interface {127,0,0,1}',
  ].join(' ');
}
