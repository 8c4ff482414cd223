import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { recordProcess } from '../../scripts/lib/left-over.mts';
import { poll } from '../../scripts/lib/poll.mts';
import { freePorts } from '../../scripts/lib/ports.mts';
import { endProcess, identify } from '../../scripts/lib/processes.mts';
import { inRepository } from '../../scripts/lib/repository.mts';

export const hasBalancer = process.env['HAPROXY'] !== undefined || process.env['CI'] !== undefined;

/** HAProxy before two gateways, with `haproxy.cfg` of this folder. */
export class Balancer {
  private constructor(
    /** Where clients find it. */
    readonly url: string,
    private readonly stateUrl: string,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(
    gatewayPorts: readonly [number, number],
    logFolder: string,
  ): Promise<Balancer> {
    const program = process.env['HAPROXY'];
    if (program === undefined) throw new Error('HAPROXY is not set: install haproxy.');
    const [api = 0, state = 0] = await freePorts([undefined, undefined]);
    const logFile = join(logFolder, 'haproxy.log');
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(program, ['-db', '-f', inRepository('e2e/harness/haproxy.cfg')], {
      env: {
        API_PORT: String(api),
        STATE_PORT: String(state),
        GATEWAY_1_PORT: String(gatewayPorts[0]),
        GATEWAY_2_PORT: String(gatewayPorts[1]),
      },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.unref();
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (!identity) throw new Error(`HAProxy could not be started; see ${logFile}.`);
    const forget = recordProcess(logFile, identity);
    const stop = async (): Promise<void> => {
      await endProcess(identity, { signals: ['SIGTERM', 'SIGKILL'], patienceMs: 5000 });
      forget();
    };
    return new Balancer(`http://127.0.0.1:${api}`, `http://127.0.0.1:${state}`, stop);
  }

  /** Returns once it sends requests to this many gateways. Throws when it does not come to that. */
  async untilUp(gateways: number): Promise<void> {
    const isUp = async (): Promise<boolean> => (await this.states()).length === gateways;
    if (await poll(isUp, { withinMs: 60_000 })) return;
    throw new Error(`The balancer has not come to ${gateways} gateways within a minute.`);
  }

  /** The servers that are up. */
  private async states(): Promise<string[]> {
    const answer = await fetch(`${this.stateUrl}/;csv`).catch(() => undefined);
    const [head = '', ...lines] = (await answer?.text())?.split('\n') ?? [];
    const columns = head.replace('# ', '').split(',');
    const [server, status] = ['svname', 'status'].map((name) => columns.indexOf(name));
    return lines
      .map((line) => line.split(','))
      .filter((cells) => cells[server ?? 0]?.startsWith('gateway-') && cells[status ?? 0] === 'UP')
      .map((cells) => cells[server ?? 0] ?? '');
  }
}
