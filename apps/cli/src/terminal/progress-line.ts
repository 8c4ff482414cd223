import { visibleLength } from './table.js';
import { type Terminal, widthOf } from './terminal.js';

/** Where nobody looks, as in the log of a job, a line is enough so often. */
const quietMs = 10_000;

/**
 * One line that is written over and over. In a file or a pipe it becomes a line now and then instead.
 * Call `end` before anything else is said.
 */
export class ProgressLine {
  private shownAt: number;
  private stage = '';
  private isOpen = false;

  constructor(private readonly terminal: Terminal) {
    this.shownAt = terminal.world.now().getTime();
  }

  /** `stage` is told at once when it changes, everything else as often as it can be read. */
  show(line: string, stage = ''): void {
    const { terminal } = this;
    if (terminal.isQuiet) return;
    const { stderr, now } = terminal.world;
    if (stderr.isTTY) {
      this.isOpen = true;
      stderr.write(`\r\u001b[K${cut(line, widthOf(stderr) - 1)}`);
      return;
    }
    const time = now().getTime();
    if (stage === this.stage && time - this.shownAt < quietMs) return;
    this.stage = stage;
    this.shownAt = time;
    stderr.write(`${line}\n`);
  }

  /** Leaves the last line standing. Safe to repeat. */
  end(): void {
    if (this.isOpen) this.terminal.world.stderr.write('\n');
    this.isOpen = false;
  }
}

/** A plain text in so many characters. */
export function cut(text: string, width: number): string {
  return visibleLength(text) <= width
    ? text
    : `${Array.from(text)
        .slice(0, width - 1)
        .join('')}…`;
}
