import type { DatasetColumn } from '@offload/contracts';
import type { FieldError } from '@offload/contracts/http';
import { ValidationFailed } from '../../http/validate.js';
import { type Condition, parseConditions } from './parse-conditions.js';
import { ID_COLUMN, type RowColumn, rowColumns } from './row-column.js';
import { splitList } from './split-list.js';

/** Which rows, in which order, with which columns. */
export interface Selection {
  conditions: Condition[];
  /** Ends with `_id`, so that the order of any two rows is certain. */
  sort: SortTerm[];
  fields: RowColumn[];
}

export interface SortTerm {
  column: RowColumn;
  isDescending: boolean;
}

/** Reads `where`, `sort` and `fields`. Throws ValidationFailed with everything that is wrong. */
export function parseSelection(
  query: { where?: string[] | undefined; sort?: string | undefined; fields?: string | undefined },
  columns: readonly DatasetColumn[],
  usual: RowColumn[],
): Selection {
  const known = rowColumns(columns);
  const { conditions, errors } = parseConditions(query.where ?? [], known);
  const sort = query.sort === undefined ? [] : parseSort(query.sort, known, errors);
  const fields = query.fields === undefined ? usual : parseFields(query.fields, known, errors);
  if (errors.length > 0) throw new ValidationFailed(errors);
  return { conditions, sort: upToId(sort), fields };
}

function parseSort(text: string, known: readonly RowColumn[], errors: FieldError[]): SortTerm[] {
  const parts = splitList(text);
  if (!parts) errors.push(unreadable('sort'));
  return (parts ?? []).flatMap((part) => {
    const exact = known.find(({ name }) => name === part.text);
    const isDescending = part.hasMinus || (!exact && !part.isQuoted && part.text.startsWith('-'));
    const name = isDescending && !part.hasMinus ? part.text.slice(1) : part.text;
    const column = known.find((each) => each.name === name);
    if (!column) errors.push(unknown('sort', name));
    else if (column.type === 'json') {
      const detail = `“${name}” is of type json, which has no order.`;
      errors.push({ pointer: '?sort', code: 'unfit_column', detail });
    } else return [{ column, isDescending }];
    return [];
  });
}

/** What follows `_id` cannot matter, and a column that comes again cannot either. */
function upToId(terms: readonly SortTerm[]): SortTerm[] {
  const all = [...terms, { column: ID_COLUMN, isDescending: false }];
  const first = all.filter(
    ({ column }, index) => all.findIndex((term) => term.column === column) === index,
  );
  return first.slice(0, first.findIndex(({ column }) => column.name === ID_COLUMN.name) + 1);
}

function parseFields(text: string, known: readonly RowColumn[], errors: FieldError[]): RowColumn[] {
  const parts = splitList(text);
  if (!parts) errors.push(unreadable('fields'));
  const names = [...new Set((parts ?? []).map((part) => part.text))];
  return names.flatMap((name) => {
    const column = known.find((each) => each.name === name);
    if (!column) errors.push(unknown('fields', name));
    return column ?? [];
  });
}

function unknown(parameter: string, name: string): FieldError {
  const detail = `“${name}” is no column of the dataset.`;
  return { pointer: `?${parameter}`, code: 'unknown_column', detail };
}

function unreadable(parameter: string): FieldError {
  const detail = 'The quotes do not fit. Write names with a comma like "a,b".';
  return { pointer: `?${parameter}`, code: 'invalid_list', detail };
}
