import type { SourceOptions, ValueOptions } from '@offload/contracts';
import { FileRefused, type Inspection, inspectSource, type SourceFile } from '@offload/formats';
import { sourceLimits } from '../../config.js';
import type { FileColumn } from './plan-columns.js';

/** Looks into a file; what cannot be imported as it is, is an answer too. */
export async function lookInto(
  file: SourceFile,
  told: { source: SourceOptions; values: ValueOptions },
): Promise<Inspection | FileRefused> {
  try {
    return await inspectSource(file, told, sourceLimits);
  } catch (error) {
    if (error instanceof FileRefused) return error;
    throw error;
  }
}

/**
 * The columns of a file. Where it writes numbers and times in a way that PostgreSQL does not read, that is found out; words
 * that may mean “no value” are believed only for a column whose type follows from the file, and not where they may
 * well be mistakes.
 */
export function fileColumns({ columns, values }: Inspection, told: ValueOptions): FileColumn[] {
  const { nulls: _nulls, trues: _trues, falses: _falses, ...notation } = values;
  return columns.map((column) => ({
    name: column.name,
    original: column.original,
    type: column.type,
    values: { ...column.values, ...told },
    notation: { ...notation, ...told },
  }));
}
