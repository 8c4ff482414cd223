import { Readable } from 'node:stream';
import type { CsvRecord } from '@offload/formats';
import type { EntityManager } from 'typeorm';
import type { ImportPlan } from '../import-plan.js';
import { askPatterns } from './ask-patterns.js';
import { copyGoodRows, type ReadRow } from './copy-good-rows.js';
import { copyRows, keepCopy, undoCopy } from './copy-rows.js';
import { copyText, type CopyTarget } from './copy-target.js';
import { LinePile } from './line-pile.js';
import { type Refusal, type RejectedRow, rejectRecord } from './rejected-row.js';
import { RowReader } from './row-reader.js';

export interface CopiedRows {
  rowsLoaded: number;
  rejected: RejectedRow[];
}

/** Records that are copied together, if PostgreSQL takes all of them. */
export interface Pile {
  readonly count: number;
  /** Takes the next record; the values are copied or left. */
  add(record: CsvRecord, values: readonly (string | null)[]): void;
}

/** How a pile goes to PostgreSQL. */
export interface Piles<P extends Pile> {
  make(): P;
  /** Copies all, or nothing of it and answers false. */
  copy(pile: P): Promise<boolean>;
}

/** Records and where they go. They may be read several times. */
export interface Load {
  tx: EntityManager;
  plan: ImportPlan;
  target: CopyTarget;
  records: Iterable<CsvRecord>;
}

/**
 * Reads records by the plan of an import, quarantines the bad ones with their reasons, and copies the others.
 *
 * Those that are good for certain and those that only PostgreSQL can judge go in two piles, so that a bad one
 * among the latter does not concern the former. Only where it refuses something of a pile are the pile's rows held one by
 * one, some thousand at a time, to find which.
 */
export async function copyRecords(load: Load): Promise<CopiedRows> {
  const piles: Piles<LinePile> = {
    make: () => new LinePile(load.target.number?.base),
    copy: (pile) => copyLines(load, pile),
  };
  return copyInPiles(load, piles);
}

/** The same, with piles of another kind. */
export async function copyInPiles<P extends Pile>(
  load: Load,
  piles: Piles<P>,
): Promise<CopiedRows> {
  const broken = await askPatterns(load.tx, load.plan, load.records);
  const good = piles.make();
  const unsure = piles.make();
  const rejected: RejectedRow[] = [];
  for (const { record, verdict, values } of judge(load, broken)) {
    if (verdict === 'ok') good.add(record, values);
    else if (verdict === 'unsure') unsure.add(record, values);
    else rejected.push(rejectRecord(record, verdict));
  }
  const refused: RejectedRow[] = [];
  for (const [kind, pile] of [
    ['ok', good],
    ['unsure', unsure],
  ] as const) {
    if (pile.count === 0 || (await piles.copy(pile))) continue;
    refused.push(...(await copyOneByOne(load, broken, kind)));
  }
  return {
    rowsLoaded: good.count + unsure.count - refused.length,
    rejected: [...rejected, ...refused].toSorted((one, other) => one.row - other.row),
  };
}

interface Judged {
  record: CsvRecord;
  verdict: 'ok' | 'unsure' | Refusal;
  /** Written over by the next. */
  values: readonly (string | null)[];
}

function* judge({ plan, records }: Load, broken: ReadonlyMap<number, Refusal>): Generator<Judged> {
  const reader = new RowReader(plan);
  for (const record of records) {
    const verdict = reader.read(record);
    yield {
      record,
      verdict: verdict === 'ask' ? (broken.get(record.row) ?? 'ok') : verdict,
      values: reader.values,
    };
  }
}

async function copyLines({ tx, target }: Load, pile: LinePile): Promise<boolean> {
  const copied = await copyRows(tx, copyText(target), Readable.from(pile.bytes()));
  if (copied === pile.count) await keepCopy(tx);
  else if (typeof copied === 'number') await undoCopy(tx);
  return copied === pile.count;
}

/** Rows that are held as texts at once. */
const heldRows = 5000;

async function copyOneByOne(
  load: Load,
  broken: ReadonlyMap<number, Refusal>,
  kind: 'ok' | 'unsure',
): Promise<RejectedRow[]> {
  const { tx, plan, target } = load;
  const refused: RejectedRow[] = [];
  let held: ReadRow[] = [];
  for (const { record, verdict, values } of judge(load, broken)) {
    if (verdict !== kind) continue;
    held.push({ record, values: [...values] });
    if (held.length < heldRows) continue;
    refused.push(...(await copyGoodRows(tx, target, plan.dataset.keys, held)));
    held = [];
  }
  return [...refused, ...(await copyGoodRows(tx, target, plan.dataset.keys, held))];
}
