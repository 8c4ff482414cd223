import { DockerContainer } from './docker-container.mts';
import type { InstanceFolder } from './instance-folder.mts';
import { poll } from './poll.mts';
import { freePorts } from './ports.mts';
import { postgresAnswers } from './postgres-answers.mts';
import type { PostgresServer } from './postgres.mts';
import type { PostgresSettings } from './private-postgres.mts';

/** The official image; used where no PostgreSQL programs run. */
export class PostgresInDocker implements PostgresServer {
  readonly isPrivate = true;
  readonly description = 'PostgreSQL 17 in Docker';
  url = '';
  private readonly folder: InstanceFolder;
  private readonly settings: PostgresSettings;
  private container: DockerContainer | undefined;

  constructor(folder: InstanceFolder, settings: PostgresSettings) {
    this.folder = folder;
    this.settings = settings;
  }

  async start(): Promise<void> {
    const [port = 0] = await freePorts([
      this.folder.recall<{ port: number }>('postgres-docker').port,
    ]);
    this.folder.remember('postgres-docker', { port });
    const password = this.folder.secret('postgres');
    const { durable, settings = {} } = this.settings;
    const fast: Record<string, string> = durable ? {} : { fsync: 'off', full_page_writes: 'off' };
    const all = { max_connections: '200', max_wal_size: '2GB', ...fast, ...settings };
    this.container = new DockerContainer(this.folder, {
      label: 'postgres',
      image: 'postgres:17',
      env: { POSTGRES_PASSWORD: password },
      ports: new Map([[5432, port]]),
      dataFolder: '/var/lib/postgresql/data',
      hostname: 'postgres',
      command: Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    });
    await this.container.start();
    this.url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
    if (await poll(() => postgresAnswers(this.url), { withinMs: 120_000, everyMs: 200 })) return;
    throw new Error(`PostgreSQL in Docker does not answer:\n${await this.container.log()}`);
  }

  async stop(): Promise<void> {
    await this.container?.stop();
  }

  async kill(): Promise<void> {
    await this.container?.kill();
  }
}
