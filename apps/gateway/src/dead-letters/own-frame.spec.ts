import { ownFrame } from './own-frame.js';

describe(ownFrame, () => {
  it.each([
    [
      'at Parser.readRow (/app/dist/apps/ingest/src/formats/csv.js:10:5)',
      'Parser.readRow (apps/ingest/src/formats/csv)',
    ],
    [
      'at async Parser.readRow (file:///app/apps/ingest/src/formats/csv.ts:99:1)',
      'Parser.readRow (apps/ingest/src/formats/csv)',
    ],
    [
      'at new Parser (/app/dist/libs/storage/src/file-store.mjs:1:1)',
      'new Parser (libs/storage/src/file-store)',
    ],
    [
      'at Parser.run [as go] (/app/dist/apps/ingest/src/a.js:1:1)',
      'Parser.run (apps/ingest/src/a)',
    ],
    ['at Object.<anonymous> (/app/dist/apps/ingest/src/a.js:1:1)', 'apps/ingest/src/a'],
    ['at /app/dist/apps/ingest/src/a.js:1:1', 'apps/ingest/src/a'],
    [String.raw`at run (C:\offload\dist\apps\ingest\src\a.js:1:1)`, 'run (apps/ingest/src/a)'],
    ['at run (/home/apps/me/src/offload/dist/apps/ingest/src/a.js:1:1)', 'run (apps/ingest/src/a)'],
    [
      String.raw`at run (C:\Program Files (x86)\offload\dist\apps\ingest\src\a.js:1:1)`,
      'run (apps/ingest/src/a)',
    ],
    ['at run (/srv/scripts/mend/once.js:1:1)', 'run (mend/once)'],
  ])('finds the place in %s', (line, frame) => {
    expect(ownFrame(`Error: no\n    ${line}`, 'no')).toBe(frame);
  });

  it('passes over code that is not ours', () => {
    const stack = [
      'error: relation "x" does not exist',
      '    at Parser.parse (/app/node_modules/pg-protocol/dist/parser.js:285:98)',
      '    at TLSSocket.emit (node:events:519:28)',
      '    at Array.map (<anonymous>)',
      '    at eval (eval at run (/app/dist/apps/ingest/src/a.js:1:1), <anonymous>:1:1)',
      '    at native',
      '    at loadChunk (/app/dist/apps/ingest/src/imports/load-chunk.js:5:7)',
    ].join('\n');

    expect(ownFrame(stack, 'relation "x" does not exist')).toBe(
      'loadChunk (apps/ingest/src/imports/load-chunk)',
    );
  });

  it('does not take a line of the message for a frame', () => {
    const message = 'bad file:\n    at fake (/app/apps/ingest/src/fake.js:1:1)';
    const stack = `Error: ${message}\n    at real (/app/apps/ingest/src/real.js:1:1)`;

    expect(ownFrame(stack, message)).toBe('real (apps/ingest/src/real)');
  });

  it.each(['', 'Error: no', 'at', 'at x (', `at ${'x'.repeat(3000)} (/apps/a/src/b.js:1:1)`])(
    'finds none in %j',
    (stack) => {
      expect(ownFrame(stack, '')).toBeUndefined();
    },
  );

  it.each(['at ', '\n', ':1', '(', ' [as ', '/apps/a/src', '\\'])(
    'takes a long stack of %j in no time',
    (part) => {
      const startedAt = performance.now();

      ownFrame(`at ${part.repeat(300_000)}`, 'no');
      ownFrame(`at ${part.repeat(300)} (/x/a.js:1:1)\n`.repeat(300), 'no');

      expect(performance.now() - startedAt).toBeLessThan(500);
    },
  );
});
