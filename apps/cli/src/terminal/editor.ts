import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../exit-codes.js';
import type { World } from './terminal.js';

/** A text in a file that only this user can read, to be edited as often as it takes. */
export class EditedFile {
  readonly path: string;
  private readonly folder: string;

  constructor(
    name: string,
    private readonly content: string,
    private readonly world: World,
  ) {
    this.folder = mkdtempSync(join(tmpdir(), 'offload-'));
    this.path = join(this.folder, name);
    writeFileSync(this.path, content, { mode: 0o600 });
  }

  /** What the person has left in it. Throws UsageError when the editor fails. */
  async edit(): Promise<string> {
    const { env } = this.world;
    const editor = env['VISUAL'] || env['EDITOR'] || 'vi';
    const code = await runEditor(editor, this.path, env);
    if (code !== 0) throw new UsageError(`The editor (${editor}) has failed, so nothing was done.`);
    return readFileSync(this.path, 'utf8');
  }

  /** Whether there is something in it to lose. */
  get isChanged(): boolean {
    return readFileSync(this.path, 'utf8') !== this.content;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** As git does it: by the shell, so that options and quotes in the variable work. */
function runEditor(editor: string, path: string, env: World['env']): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${editor} "$@"`, editor, path], { stdio: 'inherit', env });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
