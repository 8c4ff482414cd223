import { PassThrough } from 'node:stream';
import { now } from '../../test/run-line.js';
import { ProgressLine } from './progress-line.js';
import { Terminal } from './terminal.js';

describe(ProgressLine, () => {
  it('writes a block over the one before, whatever the number of its lines', () => {
    const { progress, written } = aProgress({ isTTY: true, columns: 10 });

    progress.show('one', '', ['a', 'b', 'a line that is too long']);
    progress.show('two', '', ['c']);
    progress.show('three');
    progress.end();
    progress.end();

    expect(written().split('\r')).toEqual([
      '',
      '\u001b[Ja\nb\na line t…',
      '\u001b[2A\u001b[Jc',
      '\u001b[Jthree\n',
    ]);
  });

  it('writes the line, and only now and then, where nobody looks', () => {
    const { progress, written } = aProgress({});

    progress.show('one', 'loading', ['a', 'b']);
    progress.show('two', 'loading', ['c', 'd']);
    progress.show('three', 'done');
    progress.end();

    expect(written()).toBe('one\nthree\n');
  });
});

function aProgress(screen: { isTTY?: boolean; columns?: number }) {
  const stderr = Object.assign(new PassThrough(), screen);
  const world = {
    env: {},
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr,
    signal: new AbortController().signal,
    now: () => now,
  };
  const progress = new ProgressLine(new Terminal(world, { isQuiet: false }));
  return { progress, written: () => String(stderr.read() ?? '') };
}
