import { existsSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asUser } from './drop-privileges.mts';
import type { InstanceFolder } from './instance-folder.mts';
import { freePorts } from './ports.mts';
import { postgresAnswers } from './postgres-answers.mts';
import { poll } from './poll.mts';
import type { PostgresPrograms } from './postgres-programs.mts';
import { endProcess, identify, isRunning, type ProcessIdentity } from './processes.mts';
import { mustRun } from './run-program.mts';
import { logLength, spawnServer, untilReady } from './spawn-server.mts';

const LABEL = 'postgres';

export interface PostgresSettings {
  /**
   * False gives up surviving a crash of the machine (not of the server) for speed. Commits are
   * acknowledged in the same way, so what a program can observe stays the same.
   */
  durable: boolean;
  /** Further settings of postgresql.conf. */
  settings?: Record<string, string>;
}

interface Facts extends ProcessIdentity {
  port: number;
  /** Programs and arguments; a left-over with others is not the server that is asked for. */
  launch: string;
}

/**
 * One private PostgreSQL server: 127.0.0.1 only, no unix socket, scram passwords, its data in the
 * instance folder. `start` after `stop` or `kill` comes back on the same port with the same data.
 */
export class PrivatePostgres {
  readonly isPrivate = true;
  private readonly folder: InstanceFolder;
  private readonly programs: PostgresPrograms;
  private readonly settings: string[];
  private readonly data: string;
  private running: Facts | undefined;

  constructor(
    folder: InstanceFolder,
    programs: PostgresPrograms,
    { durable, settings = {} }: PostgresSettings,
  ) {
    this.folder = folder;
    this.programs = programs;
    this.data = join(folder.serverFolder(`postgres-${programs.major}`), 'data');
    const all = { ...BASE_SETTINGS, ...(durable ? {} : FAST_SETTINGS), ...settings };
    this.settings = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  }

  /** The administrator's address; known once the server has started. */
  get url(): string {
    if (!this.running) throw new Error('PostgreSQL has not been started.');
    return this.urlAt(this.running.port);
  }

  get description(): string {
    return `PostgreSQL ${this.programs.version}`;
  }

  /** Takes over the server that a killed run left behind, when it is the same and answers. */
  async start(): Promise<void> {
    const leftOver = this.leftOver();
    if (leftOver && (await this.takeOver(leftOver))) return;
    if (!existsSync(this.data)) await this.initialise();
    for (let attempt = 1; ; attempt += 1) {
      const [port = 0] = await freePorts([attempt === 1 ? this.recall().port : undefined]);
      try {
        return await this.startOn(port);
      } catch (error) {
        const isTaken = (error as Error).message.includes('could not bind');
        if (!isTaken || attempt === 3) throw error;
      }
    }
  }

  /** Lets running transactions go ("fast" shutdown) and ends in order. */
  async stop(): Promise<void> {
    await this.end(['SIGINT', 'SIGQUIT', 'SIGKILL']);
  }

  /** Ends the server as a crash would, and returns when its sessions have noticed. */
  async kill(): Promise<void> {
    const sessions = childrenOf((this.running ?? this.leftOver())?.pid);
    await this.end(['SIGKILL']);
    // No other server starts in this folder as long as one of them is there.
    await poll(() => !sessions.some(isRunning), { withinMs: 15_000 });
  }

  private async end(signals: NodeJS.Signals[]): Promise<void> {
    const server = this.running ?? this.leftOver();
    if (server) await endProcess(server, { signals, patienceMs: 15_000 });
    this.running = undefined;
  }

  private async startOn(port: number): Promise<void> {
    const logFrom = logLength(this.folder, LABEL);
    const args = ['-D', this.data, '-p', String(port), ...this.settings];
    const identity = await spawnServer(this.folder, {
      label: LABEL,
      command: join(this.programs.folder, 'postgres'),
      args,
      env: this.environment(),
      cwd: this.data,
    });
    const facts: Facts = { ...identity, port, launch: this.launch() };
    this.folder.remember(LABEL, facts);
    const isReady = (): Promise<boolean> => this.answers(port);
    await untilReady(this.folder, { label: LABEL, identity, logFrom }, isReady, 60_000);
    this.running = facts;
  }

  private async takeOver(leftOver: ProcessIdentity): Promise<boolean> {
    const { port = 0, launch } = this.recall();
    if (launch === this.launch() && (await this.answers(port))) {
      this.running = { ...leftOver, port, launch };
      return true;
    }
    await endProcess(leftOver, { signals: ['SIGINT', 'SIGQUIT', 'SIGKILL'], patienceMs: 15_000 });
    return false;
  }

  /** The server that runs in our data folder, if any, whoever started it. */
  private leftOver(): ProcessIdentity | undefined {
    const file = join(this.data, 'postmaster.pid');
    const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0;
    const identity = pid > 0 ? identify(pid) : undefined;
    if (identity && this.livesInData(identity)) return identity;
    // The number in the file may belong to another process by now, which would keep ours from starting.
    rmSync(file, { force: true });
    return undefined;
  }

  private livesInData(identity: ProcessIdentity): boolean {
    try {
      return readlinkSync(`/proc/${identity.pid}/cwd`) === realpathSync(this.data);
    } catch {
      const { pid, startedAt = '' } = this.recall();
      return pid === identity.pid && isRunning({ pid, startedAt });
    }
  }

  /** Made beside its place and renamed, so that an interrupted start leaves nothing half-made. */
  private async initialise(): Promise<void> {
    const fresh = `${this.data}.new`;
    rmSync(fresh, { recursive: true, force: true });
    const passwordFile = `${this.data}.password`;
    this.folder.writeServerFile(passwordFile, this.folder.secret(LABEL));
    const locale =
      this.programs.major >= 17
        ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
        : ['--locale=C.UTF-8'];
    try {
      await mustRun(
        join(this.programs.folder, 'initdb'),
        ['-D', fresh, '-U', 'postgres', '-A', 'scram-sha-256', '-E', 'UTF8', ...locale].concat(
          `--pwfile=${passwordFile}`,
          '--no-instructions',
          '--no-sync',
        ),
        { ...asUser(this.folder.user), env: this.environment(), cwd: this.folder.serverPath },
      );
    } finally {
      rmSync(passwordFile, { force: true });
    }
    renameSync(fresh, this.data);
  }

  private answers(port: number): Promise<boolean> {
    return postgresAnswers(this.urlAt(port));
  }

  private urlAt(port: number): string {
    return `postgresql://postgres:${this.folder.secret(LABEL)}@127.0.0.1:${port}/postgres`;
  }

  private recall(): Partial<Facts> {
    return this.folder.recall<Facts>(LABEL);
  }

  private launch(): string {
    return [this.programs.folder, this.programs.version, ...this.settings].join(' ');
  }

  private environment(): Record<string, string> {
    return { PATH: '/usr/bin:/bin', HOME: this.folder.serverPath, LANG: 'C', TZ: 'UTC' };
  }
}

/** Where there is no /proc, nobody is seen. */
function childrenOf(pid: number | undefined): ProcessIdentity[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(file)) return [];
  const children = readFileSync(file, 'utf8').trim().split(' ').map(Number);
  return children.map(identify).filter((child) => child !== undefined);
}

const BASE_SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  max_wal_size: '2GB',
  log_line_prefix: '%m [%p] %u@%d ',
};

const FAST_SETTINGS: Record<string, string> = { fsync: 'off', full_page_writes: 'off' };
