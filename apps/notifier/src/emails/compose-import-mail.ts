import type { ImportCompleted, ImportFailed } from '@offload/contracts';

/** What an e-mail says, in both forms. */
export interface MailText {
  subject: string;
  text: string;
  html: string;
}

/** Tells in plain words how an import went: what was loaded, what was not and why, how long it took. */
export function composeImportCompleted(
  { importId, fileName, dataset, startedAt, finishedAt, ...totals }: ImportCompleted,
  publicUrl?: string,
): MailText {
  const { rowsLoaded, rowsRejected, rejections } = totals;
  const file = printable(fileName);
  const rejectedWords = rowsRejected === 0 ? '' : `, ${count(rowsRejected, 'row')} rejected`;
  const tookMs = Date.parse(finishedAt) - Date.parse(startedAt);
  return write(`Import of ${file}: ${count(rowsLoaded, 'row')} loaded${rejectedWords}`, [
    `The import of ${file} into the dataset ${dataset} is done. It took ${duration(tookMs)}.`,
    rowsRejected === 0
      ? `All ${count(rowsLoaded, 'row')} of the file were loaded.`
      : `${count(rowsLoaded, 'row')} loaded, ${count(rowsRejected, 'row')} rejected. The most frequent reasons:`,
    ...(rowsRejected === 0 ? [] : [listReasons(rejections)]),
    ...whereToLook(importId, publicUrl),
  ]);
}

/** Tells in plain words why a file could not be imported. */
export function composeImportFailed(
  { importId, fileName, message, failedAt }: ImportFailed,
  publicUrl?: string,
): MailText {
  const file = printable(fileName);
  return write(`Import of ${file} failed`, [
    `The file ${file} could not be imported:`,
    printable(message, 2000),
    `It ended at ${failedAt}.`,
    ...whereToLook(importId, publicUrl),
  ]);
}

/** A paragraph, or a list of lines. */
type Part = string | string[];

const reasonsShown = 5;

function listReasons(rejections: ImportCompleted['rejections']): string[] {
  const lines = rejections.slice(0, reasonsShown).map(({ rows, column, message, firstLine }) => {
    const where = column === null ? '' : ` in column ${printable(column)}`;
    return `${count(rows, 'row')}${where}: ${printable(message, 300)} First on line ${figure(firstLine)}.`;
  });
  const more = rejections.length - reasonsShown;
  return more > 0 ? [...lines, `and ${count(more, 'other reason')}`] : lines;
}

function whereToLook(importId: string, publicUrl: string | undefined): string[] {
  const link = publicUrl ? [`Details: ${publicUrl}/v1/imports/${importId}`] : [];
  return [`Import id: ${importId}`, ...link];
}

function write(subject: string, parts: Part[]): MailText {
  return {
    subject,
    text: `${parts.map(asText).join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="en"><body>\n${parts.map(asHtml).join('\n')}\n</body></html>\n`,
  };
}

function asText(part: Part): string {
  return typeof part === 'string' ? part : part.map((line) => `- ${line}`).join('\n');
}

function asHtml(part: Part): string {
  if (typeof part === 'string') return `<p>${escapeHtml(part)}</p>`;
  return `<ul>\n${part.map((line) => `<li>${escapeHtml(line)}</li>`).join('\n')}\n</ul>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * On one line, not endless, and read in the order it is written: names come from strangers and go
 * into a subject, where a change of direction can make `gpj.exe` out of `exe.jpg`.
 */
function printable(text: string, maxLength = 120): string {
  const line = text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const characters = Array.from(segmenter.segment(line), ({ segment }) => segment);
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function count(number: number, noun: string): string {
  return `${figure(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function figure(number: number): string {
  return number.toLocaleString('en-US');
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 1) return 'less than a second';
  if (seconds < 60) return count(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined([minutes, 'minute'], [seconds % 60, 'second']);
  return joined([Math.floor(minutes / 60), 'hour'], [minutes % 60, 'minute']);
}

function joined(...parts: [number, string][]): string {
  return parts
    .filter(([number]) => number > 0)
    .map(([number, noun]) => count(number, noun))
    .join(' ');
}
