import type { z } from 'zod';
import type { DatasetColumn, DatasetKey } from '../ingest/dataset-columns.js';
import type { Mapping, SourceOptions, ValueOptions } from '../ingest/import-options.js';

/** Something that two parts of a request say against one another. */
export interface RuleProblem {
  path: (string | number)[];
  code: string;
  message: string;
}

/** What an import is asked to do, as far as the parts have to agree. */
export interface ImportWishes {
  dataset: {
    columns?: readonly z.output<typeof DatasetColumn>[] | undefined;
    keys?: readonly DatasetKey[] | undefined;
  };
  source?: SourceOptions | undefined;
  values?: ValueOptions | undefined;
  mapping?: Mapping | undefined;
  mapping_id?: string | undefined;
  mode?: 'append' | 'upsert' | 'replace' | undefined;
  key?: readonly string[] | undefined;
  on_conflict?: string | undefined;
  on_error?: string | undefined;
  reject_limit?: object | undefined;
  dry_run?: boolean | undefined;
  hold_for_review?: boolean | undefined;
}

/** Every contradiction in what an import is asked to do; empty when the parts agree. */
export function importProblems(wishes: ImportWishes): RuleProblem[] {
  const { dataset, mapping, source, values } = wishes;
  return [
    ...modeProblems(wishes),
    ...keyProblems(wishes),
    ...columnProblems(dataset),
    ...datasetKeyProblems(dataset),
    ...(mapping ? mappingProblems(mapping) : []),
    ...(mapping && dataset.columns ? targetProblems(mapping, dataset.columns) : []),
    ...(source ? sourceProblems(source) : []),
    ...(values ? valuesProblems(values) : []),
  ];
}

/** The same for a mapping that is saved. */
export function savedMappingProblems({
  mapping,
  source,
  values,
}: {
  mapping?: Mapping | undefined;
  source?: SourceOptions | undefined;
  values?: ValueOptions | undefined;
}): RuleProblem[] {
  return [
    ...(mapping ? mappingProblems(mapping) : []),
    ...(source ? sourceProblems(source) : []),
    ...(values ? valuesProblems(values) : []),
  ];
}

/** For `superRefine`: each problem stands at its field. */
export function tellProblems<T>(
  problemsOf: (value: T) => RuleProblem[],
): (value: T, context: z.RefinementCtx<T>) => void {
  return (value, context) => {
    for (const { path, code, message } of problemsOf(value)) {
      context.addIssue({ code: 'custom', path, message, params: { code } });
    }
  };
}

function modeProblems(wishes: ImportWishes): RuleProblem[] {
  const { mode = 'append', mapping, mapping_id: mappingId } = wishes;
  const isUpsert = mode === 'upsert';
  return [
    ...when(mapping !== undefined && mappingId !== undefined, 'mapping_id', {
      message: 'Give `mapping` or `mapping_id`, not both.',
    }),
    ...when(wishes.key !== undefined && !isUpsert, 'key', {
      message: `A key is for \`mode: "upsert"\`; this import would ${mode}.`,
    }),
    ...when(wishes.on_conflict !== undefined && !isUpsert, 'on_conflict', {
      message: `Only \`mode: "upsert"\` meets rows that are there already; this import would ${mode}.`,
    }),
    ...when(wishes.dry_run === true && wishes.hold_for_review === true, 'hold_for_review', {
      message:
        'A dry run stores nothing that could be held for review. Give `dry_run` or `hold_for_review`.',
    }),
    ...when(wishes.on_error === 'abort' && wishes.reject_limit !== undefined, 'reject_limit', {
      message:
        'With `on_error: "abort"` the first rejected row ends the import; leave the limit out.',
    }),
  ];
}

function keyProblems({ key = [], dataset: { columns } }: ImportWishes): RuleProblem[] {
  return columnListProblems(key, columns, ['key']);
}

function columnProblems({ columns = [] }: ImportWishes['dataset']): RuleProblem[] {
  return columns.flatMap(({ name }, place) => {
    const at = ['dataset', 'columns', place, 'name'];
    return [
      ...problemIf(columns.findIndex((other) => other.name === name) < place, at, {
        code: 'repeated',
        message: `There is a column “${name}” already.`,
      }),
      ...problemIf(name.startsWith('_'), at, {
        code: 'reserved',
        message: 'Names that begin with _ are those of our own columns.',
      }),
    ];
  });
}

function datasetKeyProblems({ columns, keys = [] }: ImportWishes['dataset']): RuleProblem[] {
  return keys.flatMap((key, place) => columnListProblems(key, columns, ['dataset', 'keys', place]));
}

/** A list of column names: each once, and each among the columns, where those are given. */
function columnListProblems(
  names: readonly string[],
  columns: readonly { name: string }[] | undefined,
  at: (string | number)[],
): RuleProblem[] {
  return names.flatMap((name, place) => [
    ...problemIf(names.indexOf(name) < place, [...at, place], {
      code: 'repeated',
      message: `The column “${name}” stands here twice.`,
    }),
    ...problemIf(
      columns !== undefined && !columns.some((column) => column.name === name),
      [...at, place],
      {
        code: 'unknown_column',
        message: `“${name}” is none of the columns that are given.`,
      },
    ),
  ]);
}

function mappingProblems({ columns }: Mapping): RuleProblem[] {
  return columns.flatMap(({ to }, place) => [
    ...problemIf(
      columns.findIndex((other) => other.to === to) < place,
      ['mapping', 'columns', place, 'to'],
      { code: 'repeated', message: `Another entry fills the column “${to}” already.` },
    ),
    ...problemIf(to.startsWith('_'), ['mapping', 'columns', place, 'to'], {
      code: 'reserved',
      message: 'Names that begin with _ are those of our own columns.',
    }),
  ]);
}

function targetProblems(
  { columns: entries }: Mapping,
  columns: readonly { name: string; generated?: string | undefined }[],
): RuleProblem[] {
  return entries.flatMap(({ to }, place) => {
    const target = columns.find(({ name }) => name === to);
    const at = ['mapping', 'columns', place, 'to'];
    return [
      ...problemIf(target === undefined, at, {
        code: 'unknown_column',
        message: `“${to}” is none of the columns that are given.`,
      }),
      ...problemIf(target?.generated !== undefined, at, {
        code: 'generated',
        message: `The column “${to}” is filled by the database, never by a file.`,
      }),
    ];
  });
}

function sourceProblems(source: SourceOptions): RuleProblem[] {
  const { format, packing, delimiter, quote, escape, entry, sheet } = source;
  const isOtherThanCsv = format !== undefined && format !== 'csv';
  const ofCsv = (['delimiter', 'quote', 'escape', 'newline'] as const).filter(
    (name) => source[name] !== undefined && source[name] !== null,
  );
  return [
    ...when(delimiter !== undefined && delimiter === quote, 'source.quote', {
      message: 'The quote cannot be the delimiter.',
    }),
    ...when(delimiter !== undefined && delimiter === escape, 'source.escape', {
      message: 'The escape cannot be the delimiter.',
    }),
    ...when(quote === null && typeof escape === 'string', 'source.escape', {
      message: 'Without a quote there is nothing to escape.',
    }),
    ...when(entry !== undefined && packing !== undefined && packing !== 'zip', 'source.entry', {
      message: 'Only a zip archive has entries.',
    }),
    ...when(sheet !== undefined && format !== undefined && format !== 'xlsx', 'source.sheet', {
      message: 'Only an xlsx workbook has sheets.',
    }),
    ...(isOtherThanCsv ? ofCsv : []).map((name) => ({
      path: ['source', name],
      code: 'contradiction',
      message: `Only CSV has a ${name}; the format is ${format}.`,
    })),
  ];
}

function valuesProblems({
  decimal,
  thousands,
  trues = [],
  falses = [],
}: ValueOptions): RuleProblem[] {
  const both = trues.find((word) => falses.some((other) => sameWord(word, other)));
  return [
    ...when(decimal !== undefined && decimal === thousands, 'values.thousands', {
      message: 'Decimals and thousands cannot have the same separator.',
    }),
    ...when(both !== undefined, 'values.falses', {
      message: `“${both ?? ''}” cannot mean both true and false.`,
    }),
  ];
}

function sameWord(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function when(isWrong: boolean, path: string, { message }: { message: string }): RuleProblem[] {
  return problemIf(isWrong, path.split('.'), { code: 'contradiction', message });
}

function problemIf(
  isWrong: boolean,
  path: (string | number)[],
  problem: { code: string; message: string },
): RuleProblem[] {
  return isWrong ? [{ path, ...problem }] : [];
}
