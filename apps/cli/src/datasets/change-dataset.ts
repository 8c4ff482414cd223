import type { DatasetResource } from '@offload/contracts/http';
import { UsageError } from '../exit-codes.js';
import { readJsonFile } from '../options/read-file.js';
import type { Session } from '../session.js';
import { confirm } from '../terminal/confirm.js';
import { plural } from '../terminal/numbers.js';
import { datasetText } from './show-datasets.js';

export interface ChangeOptions {
  columns?: string;
  key?: string[];
}

/** The API answers when it is done, or after five seconds. */
const headers = { prefer: 'wait=5' };

/** `offload datasets create` */
export async function createDataset(
  session: Session,
  name: string,
  columns: readonly string[],
  options: ChangeOptions,
): Promise<void> {
  const body = { name, ...(await declarationOf(session, columns, options)) };
  const made = await session.api.post<DatasetResource>('createDataset', { body, headers });
  session.show(made, () => outcomeText(session, made));
}

/** `offload datasets extend` */
export async function extendDataset(
  session: Session,
  name: string,
  columns: readonly string[],
  options: ChangeOptions,
): Promise<void> {
  const body = await declarationOf(session, columns, options);
  const changed = await session.api.post<DatasetResource>('extendDataset', {
    id: name,
    body,
    headers,
  });
  session.show(changed, () => outcomeText(session, changed));
}

/** `offload datasets drop`: shows how many rows go with it, and asks. */
export async function dropDataset(
  session: Session,
  name: string,
  { yes }: { yes?: boolean },
): Promise<void> {
  const { api, terminal } = session;
  const { rows } = await api.get<DatasetResource>('getDataset', { id: name });
  const question = `Drop ${name} with ${rows === 1 ? 'its row' : `its ${plural(rows, 'row')}`}?`;
  if (!yes) await confirm(terminal, question, rows);
  const left = await api.post<DatasetResource | undefined>('dropDataset', { id: name, headers });
  session.show(left ?? { name, state: 'dropped' }, () =>
    left ? `${name} is being dropped.` : `${name} is dropped.`,
  );
}

/** What must hold of each column is the API's to say. */
async function declarationOf(
  { terminal }: Session,
  columns: readonly string[],
  { columns: path, key = [] }: ChangeOptions,
): Promise<{ columns: unknown[]; keys: string[][] }> {
  const fromFile = path === undefined ? [] : await readJsonFile(path, terminal);
  if (!Array.isArray(fromFile)) {
    throw new UsageError(
      `${path} is not a list of columns: [{"name":"id","type":"bigint","nullable":false}, …]`,
    );
  }
  const all: unknown[] = [...columns.map(readColumn), ...(fromFile as unknown[])];
  if (all.length === 0 && key.length === 0) {
    throw new UsageError('Which columns? Name them as id:bigint! name:text, or give --columns.');
  }
  return { columns: all, keys: key.map((names) => names.split(',')) };
}

function readColumn(text: string): { name: string; type: string; nullable: boolean } {
  const [, name, type, required] = /^(.+):([a-z]+)(!?)$/s.exec(text) ?? [];
  if (name !== undefined && type !== undefined) return { name, type, nullable: required !== '!' };
  throw new UsageError(`“${text}” is not a column: write it as email:text, or email:text!`);
}

function outcomeText(session: Session, dataset: DatasetResource): string {
  if (dataset.state === 'ready') return datasetText(session, dataset);
  return `${dataset.name} is ${dataset.state}.\nSee how it stands: offload datasets show ${dataset.name}`;
}
