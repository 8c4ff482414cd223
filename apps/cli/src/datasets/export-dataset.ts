import { UsageError } from '../exit-codes.js';
import { exportLines } from '../export-lines.js';
import type { Session } from '../session.js';
import type { Selection } from './show-rows.js';

export interface ExportOptions extends Selection {
  format: 'csv' | 'ndjson';
  output?: string;
  escapeFormulas?: boolean;
  bom?: boolean;
  null?: string;
}

/** `offload datasets export` */
export async function exportDataset(
  session: Session,
  name: string,
  { format, output, escapeFormulas, bom, null: nullWord, ...selection }: ExportOptions,
): Promise<void> {
  const ofCsv = {
    formulas: escapeFormulas ? 'escape' : undefined,
    bom: bom ? 'true' : undefined,
    null: nullWord,
  };
  if (format === 'ndjson' && Object.values(ofCsv).some((value) => value !== undefined)) {
    throw new UsageError('--escape-formulas, --bom and --null are for CSV.');
  }
  await exportLines(session, format === 'csv' ? 'exportDatasetCsv' : 'exportDatasetNdjson', {
    id: name,
    query: { ...selection, ...ofCsv },
    ...(output !== undefined && { output }),
  });
}
