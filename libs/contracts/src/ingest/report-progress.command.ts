import { z } from 'zod';
import { always, command, type PayloadOf } from '../message.js';
import { aboutImport } from './import-messages.js';

/**
 * Asks for the totals of an import to be taken from its ledger of committed chunks.
 *
 * It is sent by every committed chunk and handled after that commit, so the last one sees them all:
 * that is what ends an import, without a lock held through a chunk.
 */
export const ReportProgress = command(
  'ingest.report-progress.v1',
  z.object({ importId: z.uuid() }),
  aboutImport,
  always,
);
export type ReportProgress = PayloadOf<typeof ReportProgress>;
