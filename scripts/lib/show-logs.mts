import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import pretty from 'pino-pretty';
import type { InstanceFolder } from './instance-folder.mts';

/** How often the logs are looked at. */
const EVERY_MS = 200;

/** Shows what these services log from here on, readably, in the terminal. Returns what ends that. */
export function showLogs(folder: InstanceFolder, labels: string[]): () => Promise<void> {
  const readers = labels.map((label) => {
    const output = pretty({
      destination: process.stdout,
      colorize: process.stdout.isTTY,
      singleLine: true,
      messageKey: 'message',
      ignore: 'pid,hostname,service',
      messageFormat: `${label}: {message}`,
    });
    const tail = new Tail(folder.logFile(label));
    return () => tail.read((text) => output.write(text));
  });
  const timer = setInterval(() => readers.forEach((read) => read()), EVERY_MS);
  return async () => {
    clearInterval(timer);
    readers.forEach((read) => read());
  };
}

/** What has been appended to a file since the last look, in whole lines. */
class Tail {
  private readonly file: string;
  private position: number;

  constructor(file: string) {
    this.file = file;
    this.position = sizeOf(file);
  }

  read(onText: (text: string) => void): void {
    const size = sizeOf(this.file);
    if (size < this.position) this.position = 0;
    if (size === this.position) return;
    const bytes = Buffer.alloc(size - this.position);
    const file = openSync(this.file, 'r');
    const length = readSync(file, bytes, 0, bytes.length, this.position);
    closeSync(file);
    const end = bytes.subarray(0, length).lastIndexOf('\n') + 1;
    this.position += end;
    if (end > 0) onText(bytes.subarray(0, end).toString('utf8'));
  }
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}
