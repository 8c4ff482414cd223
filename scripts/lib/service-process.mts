import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { recordProcess } from './left-over.mts';
import { poll } from './poll.mts';
import { endProcess, identify, type ProcessIdentity } from './processes.mts';
import { inRepository } from './repository.mts';
import { lastLines } from './run-program.mts';

/**
 * A small space for young objects: with its own choice Node keeps twice the memory for services that mostly pass
 * bytes on, and is hardly faster.
 */
const NODE_OPTIONS = ['--enable-source-maps', '--max-semi-space-size=4'];

export interface ServiceOptions {
  /** For messages and the log, for instance "ingest" or "ingest-2". */
  label: string;
  /** The program, for instance `entryOf('ingest')`. */
  entry: string;
  /** Added to PATH, HOME and the like; nothing else of the caller's environment is passed on. */
  env: Record<string, string>;
  /** Both outputs are appended here. */
  logFile: string;
  /** Milliseconds until /health/ready must answer 200. (Default: 60 000) */
  readyWithinMs?: number;
  /** Milliseconds that `stop` waits for an orderly end before it kills. (Default: 30 000) */
  stopWithinMs?: number;
  /** Options for Node itself. (Default: source maps, and a small space for young objects) */
  nodeOptions?: string[];
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * One service as a child process. A service that ends without being told to is seen by `exited`;
 * the log's end says why.
 */
export class ServiceProcess {
  readonly label: string;
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<Exit>;
  readonly identity: ProcessIdentity;
  /** Known once it listens. */
  port = 0;
  private readonly options: ServiceOptions;
  private readonly logFrom: number;
  private ended: Exit | undefined;

  /** Starts the program and returns once it is ready; throws with the log's end when it is not. */
  static async start(options: ServiceOptions): Promise<ServiceProcess> {
    const service = new ServiceProcess(options);
    try {
      await service.untilReady();
    } catch (error) {
      await service.kill();
      throw error;
    }
    return service;
  }

  private constructor(options: ServiceOptions) {
    const { label, entry, env, logFile, nodeOptions = NODE_OPTIONS } = options;
    this.options = options;
    this.label = label;
    mkdirSync(dirname(logFile), { recursive: true });
    this.logFrom = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
    const log = openSync(logFile, 'a', 0o600);
    // A group of its own: Ctrl-C at the terminal reaches us alone, and we end the services in order.
    const child = spawn(process.execPath, [...nodeOptions, entry], {
      cwd: inRepository(),
      env: { ...passedOn(), PORT: '0', ...env },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    // A test that forgets to stop a service must not keep its runner waiting for ever.
    child.unref();
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    this.identity = identity ?? { pid: child.pid ?? 0, startedAt: 'ended' };
    const forget = recordProcess(logFile, this.identity);
    this.exited = exitOf(child).then((exit) => {
      forget();
      return (this.ended = exit);
    });
  }

  get pid(): number {
    return this.identity.pid;
  }

  /** Where it listens, for instance http://127.0.0.1:41234. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Asks it to end (SIGTERM) and waits; kills it when it takes too long. Safe to repeat. */
  async stop(): Promise<Exit> {
    await endProcess(this.identity, {
      signals: ['SIGTERM', 'SIGKILL'],
      patienceMs: this.options.stopWithinMs ?? 30_000,
    });
    return await this.exited;
  }

  /** Ends it as a crash would. */
  async kill(): Promise<Exit> {
    await endProcess(this.identity, { signals: ['SIGKILL'], patienceMs: 5000 });
    return await this.exited;
  }

  /** Starts the same program with the same options, on another port unless PORT is in its `env`. */
  async restart(env: Record<string, string> = {}): Promise<ServiceProcess> {
    await this.stop();
    return ServiceProcess.start({ ...this.options, env: { ...this.options.env, ...env } });
  }

  /** What this process has logged, without what earlier ones left in the file. */
  log(): string {
    return readFileSync(this.options.logFile).subarray(this.logFrom).toString('utf8');
  }

  logTail(lines = 30): string {
    return lastLines(this.log(), lines);
  }

  private async untilReady(): Promise<void> {
    const withinMs = this.options.readyWithinMs ?? 60_000;
    const isReady = await poll(async () => this.ended !== undefined || (await this.isReady()), {
      withinMs,
    });
    if (isReady && !this.ended) return;
    const what = this.ended
      ? `ended while starting (${this.ended.signal ?? `exit ${this.ended.code}`})`
      : `was not ready in ${withinMs / 1000} s`;
    throw new Error(
      `${this.label} ${what}. Its log, ${this.options.logFile}, ends:\n${this.logTail()}`,
    );
  }

  private async isReady(): Promise<boolean> {
    this.port ||= listeningPort(this.log());
    if (!this.port) return false;
    try {
      const signal = AbortSignal.timeout(5000);
      return (await fetch(`${this.url}/health/ready`, { signal })).ok;
    } catch {
      return false;
    }
  }
}

/** From the line {"event":"listening","port":N}; 0 before it is there. */
function listeningPort(log: string): number {
  const line = log.split('\n').find((each) => each.includes('"event":"listening"'));
  return Number(/"port":(\d+)/.exec(line ?? '')?.[1] ?? 0);
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
}

/** What a program needs of any environment; settings of Offload come from `env` alone. */
function passedOn(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'NODE_EXTRA_CA_CERTS'];
  const present = names.map((name): [string, string | undefined] => [name, process.env[name]]);
  return Object.fromEntries(present.filter((pair): pair is [string, string] => Boolean(pair[1])));
}
