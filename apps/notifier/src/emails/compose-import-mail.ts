import {
  type ImportCanceled,
  type ImportCompleted,
  type ImportFailed,
  type ImportOutcome,
  type Rejections,
  summariseImport,
} from '@offload/contracts';
import { count, duration, figure, type MailText, printable, writeMail } from './mail-text.js';

/** Tells in plain words how an import went: what was loaded, what was not and why, how long it took. */
export function composeImportCompleted(ended: ImportCompleted, publicUrl?: string): MailText {
  const { importId, startedAt, finishedAt, rejections, rowsLoaded, rowsRejected, dryRun } = ended;
  const file = printable(ended.fileName);
  const done = dryRun ? 'would be loaded' : 'loaded';
  const rejected = rowsRejected === 0 ? '' : `, ${count(rowsRejected, 'row')} rejected`;
  const tookMs = Date.parse(finishedAt) - Date.parse(startedAt);
  return writeMail(
    `${dryRun ? 'Dry run' : 'Import'} of ${file}: ${count(rowsLoaded, 'row')} ${done}${rejected}`,
    [
      sentence({ ...ended, outcome: 'completed' }),
      `It took ${duration(tookMs)}.`,
      ...reasons(rejections),
      ...whereToLook(importId, publicUrl, { hasRejected: rowsRejected > 0 && !dryRun }),
    ],
  );
}

/** Tells in plain words why a file could not be imported. */
export function composeImportFailed(failed: ImportFailed, publicUrl?: string): MailText {
  const { importId, fileName, message, failedAt, rejections } = failed;
  return writeMail(`Import of ${printable(fileName)} failed`, [
    `The file ${printable(fileName)} could not be imported:`,
    printable(message, 2000),
    ...reasons(rejections),
    `It ended at ${failedAt}.`,
    ...whereToLook(importId, publicUrl),
  ]);
}

/** Tells whoever waits for the end that somebody has stopped the import, and what stays of it. */
export function composeImportCanceled(canceled: ImportCanceled, publicUrl?: string): MailText {
  const { importId, fileName, canceledAt, rowsCreated, rowsUpdated } = canceled;
  const stay = rowsCreated + rowsUpdated;
  return writeMail(`Import of ${printable(fileName)} canceled`, [
    `Somebody has canceled the import of the file ${printable(fileName)}.`,
    stay === 0
      ? 'Nothing of it is in the dataset.'
      : `${count(stay, 'row')} that had been stored before ${stay === 1 ? 'stays' : 'stay'} in the dataset.`,
    `It ended at ${canceledAt}.`,
    ...whereToLook(importId, publicUrl),
  ]);
}

const reasonsShown = 5;

/** The same sentence as everywhere, with names that may stand in an e-mail. */
function sentence(run: ImportOutcome): string {
  return summariseImport({
    ...run,
    fileName: printable(run.fileName),
    rejections: run.rejections.map((rejection) => ({
      ...rejection,
      message: printable(rejection.message, 300),
    })),
  });
}

function reasons(rejections: Rejections): (string | string[])[] {
  if (rejections.length === 0) return [];
  const lines = rejections.slice(0, reasonsShown).map(({ rows, column, message, firstLine }) => {
    const where = column === null ? '' : ` in column ${printable(column)}`;
    return `${count(rows, 'row')}${where}: ${printable(message, 300)} First on line ${figure(firstLine)}.`;
  });
  const more = rejections.length - reasonsShown;
  return [
    'The most frequent reasons:',
    more > 0 ? [...lines, `and ${count(more, 'other reason')}`] : lines,
  ];
}

function whereToLook(
  importId: string,
  publicUrl: string | undefined,
  { hasRejected = false } = {},
): string[] {
  const path = `${publicUrl ?? ''}/v1/imports/${importId}`;
  return [
    ...(hasRejected
      ? [`Correct the rejected rows in ${path}/errors.csv and post them to ${path}/fix.`]
      : []),
    `Import id: ${importId}`,
    ...(publicUrl === undefined ? [] : [`Details: ${path}`]),
  ];
}
