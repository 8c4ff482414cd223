import { aPhase, anImport } from '../../test/an-import.js';
import { styleFor } from '../terminal/style.js';
import { visibleLength } from '../terminal/table.js';
import { importBars } from './import-bars.js';

const MiB = 1024 * 1024;
const plain = styleFor(false);

describe(importBars, () => {
  it('gives each phase a bar with its own speed and time left', () => {
    const run = anImport({
      state: 'loading',
      progress: {
        rows_loaded: 1_204_113,
        rows_rejected: 1204,
        rate_rows_s: 84_120,
        phases: [
          aPhase({
            name: 'converting',
            state: 'done',
            done: 10 * MiB,
            total: 10 * MiB,
            percent: 100,
          }),
          aPhase({ done: 25 * MiB, total: 40 * MiB, percent: 62, rate_per_s: MiB, eta_s: 15 }),
          aPhase({ name: 'merging', state: 'waiting', total: 16, unit: 'parts' }),
        ],
      },
    });

    expect(importBars(run, { width: 90, style: plain })).toEqual([
      'people.csv → people · loading',
      '  converting  ███████████████████  done, 10.0 MiB',
      '  loading     ███████████▊░░░░░░░  62 % · 25.0 MiB of 40.0 MiB · 84,120 rows/s · 15 s left',
      '  merging     ░░░░░░░░░░░░░░░░░░░  waits',
      '  1,204,113 rows good · 1,204 rejected',
    ]);
  });

  it.each([30, 60, 80, 200])('fits %i characters, with and without colours', (width) => {
    const run = anImport({
      state: 'interrupted',
      file_name: 'a very long name of a file that somebody has sent.csv',
      problem: {
        code: 'interrupted',
        detail: 'The disk is full and nobody is there to see it. '.repeat(3),
      },
      progress: { phases: [aPhase({ done: 1, percent: 50, rate_per_s: 100, eta_s: 86_000 })] },
    });

    for (const style of [plain, styleFor(true)]) {
      const lines = importBars(run, { width, style });
      expect(Math.max(...lines.map(visibleLength))).toBeLessThanOrEqual(width);
    }
  });
});
