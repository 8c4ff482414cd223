import { visibleLength } from './table.js';
import { type Terminal, widthOf } from './terminal.js';

/** Where nobody looks, as in the log of a job, a line is enough so often. */
const quietMs = 10_000;

/**
 * One line, or a few, that are written over and over. In a file or a pipe the line is written now and then
 * instead. Call `end` before anything else is said.
 */
export class ProgressLine {
  private shownAt: number;
  private stage = '';
  /** Lines that stand on the terminal; the cursor is at the end of the last. */
  private height = 0;

  constructor(private readonly terminal: Terminal) {
    this.shownAt = terminal.world.now().getTime();
  }

  /**
   * `stage` is told at once when it changes, everything else as often as it can be read. `block` is what a
   * terminal shows in place of the line; a line of it with colours must fit the width by itself.
   */
  show(line: string, stage = '', block: readonly string[] = [line]): void {
    const { terminal } = this;
    if (terminal.isQuiet) return;
    const { stderr, now } = terminal.world;
    if (stderr.isTTY) {
      const width = widthOf(stderr) - 1;
      const up = this.height > 1 ? `\u001b[${this.height - 1}A` : '';
      stderr.write(`\r${up}\u001b[J${block.map((each) => cut(each, width)).join('\n')}`);
      this.height = block.length;
      return;
    }
    const time = now().getTime();
    if (stage === this.stage && time - this.shownAt < quietMs) return;
    this.stage = stage;
    this.shownAt = time;
    stderr.write(`${line}\n`);
  }

  /** Leaves what was shown last standing. Safe to repeat. */
  end(): void {
    if (this.height > 0) this.terminal.world.stderr.write('\n');
    this.height = 0;
  }
}

/** A text in so many characters; one with colours must fit by itself. */
export function cut(text: string, width: number): string {
  return visibleLength(text) <= width
    ? text
    : `${Array.from(text)
        .slice(0, width - 1)
        .join('')}…`;
}
