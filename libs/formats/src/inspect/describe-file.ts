import type { SourceOptions } from '@offload/contracts';
import type { HeaderColumn } from '../csv/column-names.js';
import type { RecordProblem } from '../csv/record-problem.js';
import type { ResolvedSource } from '../source/resolved-source.js';

/** What was found in a file, and what had been told of it. */
export interface FoundInFile {
  source: ResolvedSource;
  told: SourceOptions;
  columns: readonly HeaderColumn[];
  /** The first records behind the header. */
  records: readonly { fields: readonly unknown[]; problems: readonly RecordProblem[] }[];
  footer: readonly unknown[];
  /** Records may lack columns, as objects do. */
  isRaggedFine?: boolean;
}

/** Says what a person would want to know of a file before importing it, and how to have it otherwise. */
export function describeFile({
  source,
  told,
  columns,
  records,
  footer,
  isRaggedFine,
}: FoundInFile): string[] {
  const sentences: string[] = [];
  if (source.encoding === 'windows-1252' && told.encoding === undefined) {
    sentences.push(
      'The text is not UTF-8; it is read as Windows-1252. Tell “encoding” if letters are wrong.',
    );
  }
  if (source.skip > 0 && told.skip === undefined) {
    sentences.push(
      `${plural(source.skip, 'line', 'lines')} above the header left out; tell “skip” to have it otherwise.`,
    );
  }
  if (!source.header && told.header === undefined && !isRaggedFine) {
    sentences.push(
      'The first row looks like data, so the columns are numbered. Tell “header” true if it names them.',
    );
  }
  if (footer.length > 0 && told.footer === undefined) {
    sentences.push(
      `The end looks like totals or notes. They are imported like all rows; tell “footer” ${footer.length} to leave them out.`,
    );
  }
  return [
    ...sentences,
    ...describeNames(columns, source),
    ...(isRaggedFine ? [] : describeWidths(columns, records)),
    ...describeProblems(records),
  ];
}

function describeNames(columns: readonly HeaderColumn[], { header }: ResolvedSource): string[] {
  const renamed = columns.filter(({ name, original }) => name !== original);
  const [first] = renamed;
  if (!header || !first) return [];
  const others = renamed.length === 1 ? '' : `, and ${renamed.length - 1} more`;
  return [
    `Some names cannot be those of columns: “${first.original.slice(0, 60)}” becomes “${first.name}”${others}.`,
  ];
}

function describeWidths(
  columns: readonly HeaderColumn[],
  records: readonly { fields: readonly unknown[] }[],
): string[] {
  const ragged = records.filter(({ fields }) => fields.length !== columns.length).length;
  if (ragged === 0) return [];
  return [
    `${ragged} of the first ${plural(records.length, 'row', 'rows')} cannot be imported: another number of values than there are columns (${columns.length}).`,
  ];
}

function describeProblems(records: readonly { problems: readonly RecordProblem[] }[]): string[] {
  const counts = new Map<string, { message: string; count: number }>();
  for (const { problems } of records) {
    const [problem] = problems;
    if (!problem) continue;
    const { count } = counts.get(problem.code) ?? { count: 0 };
    counts.set(problem.code, {
      message: counts.get(problem.code)?.message ?? problem.message,
      count: count + 1,
    });
  }
  return Array.from(counts.values(), ({ message, count }) => {
    return `${count} of the first ${plural(records.length, 'row', 'rows')} cannot be read: ${message}`;
  });
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}
