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
 * The columns of a file. How one is written that turns out to be of another type than it looks, is told by the others;
 * but never which words mean nothing, as those may well be values of it.
 */
export function fileColumns({ columns, values }: Inspection, told: ValueOptions): FileColumn[] {
  const { nulls: _nulls, trues: _trues, falses: _falses, ...shared } = values;
  return columns.map((column) => ({
    name: column.name,
    original: column.original,
    type: column.type,
    values: { ...column.values, ...told },
    otherwise: { ...shared, ...told },
  }));
}
