import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutHash, type InstanceFolder } from './instance-folder.mts';
import { findProgram } from './find-program.mts';
import { mustRun, runProgram, succeeds } from './run-program.mts';

/** Whether a Docker engine answers; the command alone is not enough. */
export function dockerAnswers(): boolean {
  return findProgram('docker') !== undefined && succeeds('docker', ['info'], 5000);
}

export interface ContainerOptions {
  label: string;
  image: string;
  /** Passed in a private file, so that passwords are not to be seen in the list of processes. */
  env: Record<string, string>;
  /** The port on 127.0.0.1 for each port in the container. */
  ports: Map<number, number>;
  /** Where the image keeps its data; a named volume is mounted there. */
  dataFolder: string;
  /** Some images name their data after the machine. */
  hostname: string;
  command?: string[];
}

/**
 * One container of ours, named after the instance and this checkout, so that only our own is ever
 * removed. Its data stays in a volume of the same name.
 */
export class DockerContainer {
  private readonly folder: InstanceFolder;
  private readonly options: ContainerOptions;
  private readonly name: string;

  constructor(folder: InstanceFolder, options: ContainerOptions) {
    this.folder = folder;
    this.options = options;
    this.name = `offload-${checkoutHash()}-${folder.name}-${options.label}`;
  }

  /** Replaces the container that a killed run left behind. */
  async start(): Promise<void> {
    const { image, env, ports, dataFolder, hostname, command = [] } = this.options;
    await this.kill();
    const envFile = join(this.folder.path, `${this.options.label}.env`);
    this.folder.writeOwnFile(envFile, toLines(env));
    const published = [...ports].flatMap(([inside, port]) => ['-p', `127.0.0.1:${port}:${inside}`]);
    try {
      await mustRun('docker', [
        ...['run', '--detach', '--name', this.name, '--hostname', hostname],
        ...['--env-file', envFile, '--volume', `${this.name}:${dataFolder}`, ...published],
        ...[image, ...command],
      ]);
    } finally {
      rmSync(envFile, { force: true });
    }
  }

  /** Runs a program inside and returns its output; throws what it said when it fails. */
  run(...command: string[]): Promise<string> {
    return mustRun('docker', ['exec', this.name, ...command]);
  }

  async stop(): Promise<void> {
    await runProgram('docker', ['stop', '-t', '30', this.name]);
    await this.kill();
  }

  /** Ends the container as a crash would; its volume stays. */
  async kill(): Promise<void> {
    await runProgram('docker', ['rm', '--force', this.name]);
  }

  /** The end of what the container said. */
  async log(): Promise<string> {
    return (await runProgram('docker', ['logs', '--tail', '20', this.name])).output;
  }

  async removeData(): Promise<void> {
    await this.kill();
    await runProgram('docker', ['volume', 'rm', '--force', this.name]);
  }
}

function toLines(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
