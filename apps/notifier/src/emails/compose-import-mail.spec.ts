import type { ImportCompleted, ImportFailed } from '@offload/contracts';
import {
  composeImportCanceled,
  composeImportCompleted,
  composeImportFailed,
} from './compose-import-mail.js';

const importId = '0198d0e4-0000-7000-8000-00000000000a';

describe(composeImportCompleted.name, () => {
  it('says that everything went well', () => {
    const mail = composeImportCompleted(aCompletion({ rowsLoaded: 120_000, rowsRejected: 0 }));

    expect(mail.subject).toBe('Import of people.csv: 120,000 rows loaded');
    expect(mail.text).toBe(
      [
        '120,000 rows of “people.csv” were loaded into people.',
        'It took 1 minute 5 seconds.',
        `Import id: ${importId}\n`,
      ].join('\n\n'),
    );
  });

  it('gives the most frequent reasons for rejected rows, with a line to look at', () => {
    const mail = composeImportCompleted(
      aCompletion({
        rowsLoaded: 1,
        rowsRejected: 1204,
        rejections: [
          aRejection({
            rows: 1200,
            column: 'age',
            message: '“abc” is not a whole number.',
            firstLine: 1017,
          }),
          aRejection({ rows: 4, column: null, message: 'The row has 3 fields instead of 4.' }),
        ],
      }),
    );

    expect(mail.subject).toBe('Import of people.csv: 1 row loaded, 1,204 rows rejected');
    expect(mail.text).toContain(
      '- 1,200 rows in column age: “abc” is not a whole number. First on line 1,017.\n' +
        '- 4 rows: The row has 3 fields instead of 4. First on line 2.\n',
    );
  });

  it('says what a dry run would have done, and that nothing was stored', () => {
    const mail = composeImportCompleted(
      aCompletion({ dryRun: true, rowsRejected: 1, rejections: [aRejection({})] }),
    );

    expect(mail.subject).toBe('Dry run of people.csv: 10 rows would be loaded, 1 row rejected');
    expect(mail.text).toMatch(/^Dry run: 10 rows .* would be loaded .* Nothing was stored\./);
    expect(mail.text).not.toContain('errors.csv');
  });

  it('says where to get the rejected rows, and where to post them back', () => {
    const mail = composeImportCompleted(
      aCompletion({ rowsRejected: 1, rejections: [aRejection({})] }),
      'https://offload.example.test',
    );

    const address = `https://offload.example.test/v1/imports/${importId}`;
    expect(mail.text).toContain(`in ${address}/errors.csv and post them to ${address}/fix.`);
  });

  it('counts the reasons beyond the fifth', () => {
    const rejections = Array.from({ length: 7 }, () => aRejection({}));

    const mail = composeImportCompleted(aCompletion({ rowsRejected: 7, rejections }));

    expect(mail.text).toContain('and 2 other reasons');
    expect(mail.text.match(/First on line/g)).toHaveLength(5);
  });

  it('links to the import where the address is known', () => {
    const mail = composeImportCompleted(aCompletion({}), 'https://offload.example.test');

    expect(mail.text).toContain(`https://offload.example.test/v1/imports/${importId}`);
  });

  it('takes a file name from a stranger for text, not for mark-up or headers', () => {
    const fileName = 'a<img src=x>\r\nBcc: all@example.test.csv';

    const mail = composeImportCompleted(aCompletion({ fileName }));

    expect(mail.subject).toMatch(/^Import of a<img src=x> Bcc: all@example\.test\.csv: /);
    expect(mail.html).toContain('a&#60;img src=x&#62; Bcc: all@example.test.csv');
    expect(mail.html).not.toContain('<img');
  });

  it('keeps the subject of a long file name short', () => {
    const mail = composeImportCompleted(aCompletion({ fileName: `${'🗂'.repeat(400)}.csv` }));

    expect(mail.subject.length).toBeLessThan(300);
    expect(mail.subject).toContain('🗂…: ');
  });
});

describe(composeImportFailed.name, () => {
  it('says why, and under which id to find it', () => {
    const failed: ImportFailed = {
      importId,
      fileName: 'people.csv',
      code: 'ingest.unclosed-quote',
      message: 'A quote that opens on line 7 is never closed.',
      rejections: [],
      sequence: 1,
      failedAt: '2026-11-22T10:00:00.000Z',
    };

    const mail = composeImportFailed(failed);

    expect(mail.subject).toBe('Import of people.csv failed');
    expect(mail.text).toContain('A quote that opens on line 7 is never closed.');
    expect(mail.text).toContain(importId);
  });
});

describe(composeImportCanceled.name, () => {
  it.each([
    [{ rowsCreated: 0 }, 'Nothing of it is in the dataset.'],
    [{ rowsCreated: 1200 }, '1,200 rows that had been stored before stay in the dataset.'],
  ])('says what stays: %j', (totals, words) => {
    const { sequence, rowsUpdated, rowsUnchanged, rowsSkipped, phases } = aCompletion({});
    const mail = composeImportCanceled({
      ...{ importId, sequence, rowsUpdated, rowsUnchanged, rowsSkipped, phases },
      ...{ bytesDone: 50, bytesTotal: 100, rowsLoaded: 10, rowsRejected: 0 },
      fileName: 'people.csv',
      keptRows: true,
      canceledAt: '2026-11-22T10:00:00.000Z',
      ...totals,
    });

    expect(mail.subject).toBe('Import of people.csv canceled');
    expect(mail.text).toContain(words);
  });
});

function aCompletion(part: Partial<ImportCompleted>): ImportCompleted {
  return {
    importId,
    sequence: 9,
    dataset: 'people',
    fileName: 'people.csv',
    startedAt: '2026-11-22T10:00:00.000Z',
    finishedAt: '2026-11-22T10:01:05.000Z',
    bytesDone: 100,
    bytesTotal: 100,
    rowsLoaded: 10,
    rowsRejected: 0,
    rowsCreated: 10,
    rowsUpdated: 0,
    rowsUnchanged: 0,
    rowsSkipped: 0,
    phases: [],
    rejections: [],
    dryRun: false,
    mode: 'append',
    ...part,
  };
}

function aRejection(
  part: Partial<ImportCompleted['rejections'][number]>,
): ImportCompleted['rejections'][number] {
  return { code: 'ingest.x', column: 'c', rows: 1, firstLine: 2, message: 'It is wrong.', ...part };
}
