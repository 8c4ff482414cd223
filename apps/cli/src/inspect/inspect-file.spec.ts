import type { Inspection } from '@offload/contracts/http';
import { scriptedHarness } from '../../test/scripted-harness.js';

const id = '01980000-0000-7000-8000-000000000001';

describe('offload inspect', () => {
  const { api, offload } = scriptedHarness();

  it('draws what is in a file, with what is doubtful and what to do next', async () => {
    api().answer({ body: anInspection() });

    const { code, out } = await offload([
      'inspect',
      id,
      '-s',
      'delimiter=;',
      '--values',
      'nulls=-,n/a',
    ]);

    expect(code).toBe(0);
    expect(api().asked).toMatchObject([
      {
        method: 'POST',
        path: `/v1/uploads/${id}/inspect`,
        body: { source: { delimiter: ';' }, values: { nulls: ['-', 'n/a'] } },
      },
    ]);
    expect(out).toMatchInlineSnapshot(`
     "file      sales.csv, 12.1 KiB; all of it was looked at
     upload    01980000-0000-7000-8000-000000000001
     format    csv
     encoding  windows-1252 (65 %)
     dialect   ; between values, " around them, lines end with CRLF (100 %)
     header    yes (90 %)
     left out  Sales of 2026
     values    decimal ",", thousands ".", nulls ["-","n/a"]

     COLUMN  TYPE     SURE  EMPTY  EXAMPLES
     Nr      bigint   99 %         1 · 2
     Price   numeric  60 %   50 %  1.234,50

     - The text is not UTF-8; it is read as Windows-1252.
     - Price: Looks like numbers with a decimal comma.

     Nr  Price
     1   1.234,50
     2   –

     Import it: offload import 01980000-0000-7000-8000-000000000001 --dataset sales -s 'delimiter=;' --values nulls=-,n/a --watch
     "
    `);
  });

  it('prints what the API answered, for programs', async () => {
    api().answer({ body: anInspection() });

    const { out } = await offload(['inspect', id, '--json']);

    expect(JSON.parse(out)).toEqual(anInspection());
  });

  it('says why a file cannot be imported', async () => {
    const problem = {
      status: 422,
      code: 'file_unreadable',
      detail: 'It is a PDF document.',
      help: 'Send CSV.',
    };
    api().answer({ status: 422, body: problem });

    const { code, err } = await offload(['inspect', id]);

    expect(code).toBe(4);
    expect(err).toContain('It is a PDF document.');
    expect(err).toContain('Send CSV.');
  });
});

function anInspection(): Inspection {
  const column = { nullable: true, problems: [], values: {}, filled: 2, empty: 0 };
  return {
    object: 'inspection',
    upload_id: id,
    file_name: 'sales.csv',
    size: 12_345,
    source: {
      format: 'csv',
      packing: 'none',
      entry: null,
      encoding: 'windows-1252',
      bom: false,
      delimiter: ';',
      quote: '"',
      escape: null,
      newline: 'crlf',
      header: true,
      skip: 2,
      footer: 0,
      sheet: null,
    },
    confidence: { encoding: 0.65, dialect: 1, header: 0.9 },
    entries: null,
    sheets: null,
    columns: [
      {
        ...column,
        name: 'Nr',
        original: 'Nr',
        type: 'bigint',
        confidence: 0.99,
        examples: ['1', '2'],
      },
      {
        ...column,
        name: 'Price',
        original: 'Price',
        type: 'numeric',
        confidence: 0.6,
        examples: ['1.234,50'],
        problems: ['Looks like numbers with a decimal comma.'],
        filled: 1,
        empty: 1,
      },
    ],
    values: { decimal: ',', thousands: '.', nulls: ['-', 'n/a'] },
    preamble: ['Sales of 2026'],
    footer: [],
    rows: [
      ['1', '1.234,50'],
      ['2', null],
    ],
    problems: ['The text is not UTF-8; it is read as Windows-1252.'],
    is_whole: true,
    import: {
      upload_id: id,
      dataset: { name: 'sales', columns: [{ name: 'Nr', type: 'bigint', nullable: true }] },
      source: { format: 'csv' },
      values: {},
    },
  };
}
