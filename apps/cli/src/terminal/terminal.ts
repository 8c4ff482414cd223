import { once } from 'node:events';
import { Stopped } from '../exit-codes.js';
import { styleFor, type Style } from './style.js';

/** What a program has around it; tests give their own. */
export interface World {
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: Screen;
  stderr: Screen;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  now: () => Date;
}

export type Screen = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

export interface TerminalOptions {
  /** Results and errors only. */
  isQuiet: boolean;
  /** (Default: as the terminal and NO_COLOR say) */
  isColoured?: boolean | undefined;
}

/** Results go to standard output; everything else that is said goes to standard error. */
export class Terminal {
  private typed = '';

  constructor(
    readonly world: World,
    private readonly options: TerminalOptions,
  ) {}

  /** Whether somebody can be asked. */
  get isInteractive(): boolean {
    return Boolean(this.world.stdin.isTTY && this.world.stderr.isTTY);
  }

  /** Characters in a line of results; Infinity when they go to a file or a pipe. */
  get width(): number {
    return widthOf(this.world.stdout);
  }

  get style(): Style {
    return styleFor(this.colours(this.world.stdout));
  }

  get noteStyle(): Style {
    return styleFor(this.colours(this.world.stderr));
  }

  get isQuiet(): boolean {
    return this.options.isQuiet;
  }

  /** A result. */
  print(text: string): void {
    this.world.stdout.write(`${text}\n`);
  }

  /** Part of a long result; settles when it is time for more. */
  async write(bytes: Uint8Array | string): Promise<void> {
    if (!this.world.stdout.write(bytes)) await once(this.world.stdout, 'drain');
  }

  /** A remark; not made with --quiet. */
  note(text: string): void {
    if (!this.options.isQuiet) this.warn(text);
  }

  /** What must be seen. */
  warn(text: string): void {
    this.world.stderr.write(`${text}\n`);
  }

  /**
   * Asks, and answers the line that was typed, or piped in; undefined when the input has ended.
   * Throws Stopped on Ctrl-C.
   */
  async ask(question: string): Promise<string | undefined> {
    this.world.stderr.write(question);
    const answer = await this.nextLine();
    if (!this.world.stdin.isTTY) this.world.stderr.write('\n');
    return answer?.trim();
  }

  /** Reads a line and nothing beyond, so that an editor may have the terminal in between. */
  private async nextLine(): Promise<string | undefined> {
    const { stdin, signal } = this.world;
    const line = await new Promise<string | undefined>((resolve, reject) => {
      const settle = (act: () => void): void => {
        stdin.off('data', take).off('end', end);
        signal.removeEventListener('abort', stop);
        stdin.pause();
        act();
      };
      const take = (bytes: Buffer | string): void => {
        this.typed += bytes.toString();
        if (this.typed.includes('\n')) settle(() => resolve(this.typed));
      };
      const end = (): void => settle(() => resolve(this.typed === '' ? undefined : this.typed));
      const stop = (): void => {
        // The cursor stands behind the question, and behind ^C.
        this.world.stderr.write('\n');
        settle(() => reject(new Stopped()));
      };
      if (signal.aborted) return stop();
      if (this.typed.includes('\n') || !stdin.readable) return end();
      signal.addEventListener('abort', stop);
      stdin.on('data', take).on('end', end).resume();
    });
    const [first, ...rest] = (line ?? '').split('\n');
    this.typed = rest.join('\n');
    return line === undefined ? undefined : first;
  }

  private colours(screen: Screen): boolean {
    if (this.options.isColoured !== undefined) return this.options.isColoured;
    const { env } = this.world;
    // https://no-color.org: "when present and not an empty string (regardless of its value)".
    return Boolean(screen.isTTY) && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  }
}

/** Characters in a line of a screen; Infinity when nobody looks. */
export function widthOf(screen: Screen): number {
  return screen.isTTY ? (screen.columns ?? 80) : Infinity;
}
