import { ImportOptions, type StartImport } from '@offload/contracts';
import { ImportRun } from '../import-run.entity.js';

/** An import of which nothing is known yet but what it was asked to do. */
export function aNewRun(command: StartImport, tenantId: string, now: Date): ImportRun {
  const { name, ...wanted } = command.dataset;
  return Object.assign(new ImportRun(), {
    importId: command.importId,
    tenantId,
    state: 'waiting' as const,
    file: command.file,
    datasetName: name,
    options: command.options,
    wanted,
    notify: command.notify ?? null,
    stateSince: now,
    startedAt: now,
    ...untouched,
  });
}

/** An import that was canceled before it was heard of. */
export function aCanceledRun(importId: string, tenantId: string, now: Date): ImportRun {
  return Object.assign(new ImportRun(), {
    importId,
    tenantId,
    state: 'waiting' as const,
    file: null,
    datasetName: '',
    options: ImportOptions.parse({}),
    wanted: {},
    notify: null,
    stateSince: now,
    startedAt: now,
    ...untouched,
  });
}

const untouched = {
  plan: null,
  plain: null,
  dataFrom: 0,
  splitAt: null,
  chunksTotal: null,
  merge: null,
  undo: null,
  fix: null,
  stop: null,
  countedRows: 0,
  sequence: 0,
  reportedAt: null,
  endedAt: null,
};
