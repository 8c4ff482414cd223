/**
 * What of the API the program uses, by the id of the route. A test compares it with the routes of the
 * contract; loading those takes longer than everything else the program does.
 */
export const endpoints = {
  createUpload: 'POST /v1/uploads',
  getUpload: 'GET /v1/uploads/{id}',
  tellUploadOffset: 'HEAD /v1/uploads/{id}',
  appendToUpload: 'PATCH /v1/uploads/{id}',
  deleteUpload: 'DELETE /v1/uploads/{id}',
  inspectUpload: 'POST /v1/uploads/{id}/inspect',
  createImport: 'POST /v1/imports',
  listImports: 'GET /v1/imports',
  getImport: 'GET /v1/imports/{id}',
  confirmImport: 'POST /v1/imports/{id}/confirm',
  cancelImport: 'POST /v1/imports/{id}/cancel',
  retryImport: 'POST /v1/imports/{id}/retry',
  fixImport: 'POST /v1/imports/{id}/fix',
  revertImport: 'POST /v1/imports/{id}/revert',
  listRejectedRows: 'GET /v1/imports/{id}/errors',
  exportRejectedRows: 'GET /v1/imports/{id}/errors.csv',
  listKeptRows: 'GET /v1/imports/{id}/kept-rows',
  createDataset: 'POST /v1/datasets',
  listDatasets: 'GET /v1/datasets',
  getDataset: 'GET /v1/datasets/{name}',
  extendDataset: 'PATCH /v1/datasets/{name}',
  dropDataset: 'DELETE /v1/datasets/{name}',
  listDatasetRows: 'GET /v1/datasets/{name}/rows',
  exportDatasetCsv: 'GET /v1/datasets/{name}/export.csv',
  exportDatasetNdjson: 'GET /v1/datasets/{name}/export.ndjson',
  createEmail: 'POST /v1/emails',
  getEmail: 'GET /v1/emails/{id}',
  streamEvents: 'GET /v1/events',
  listDeadLetters: 'GET /v1/dead-letters',
  exportDeadLetters: 'GET /v1/dead-letters/export',
  discardDeadLetters: 'POST /v1/dead-letters/discards',
  restoreDeadLetters: 'POST /v1/dead-letters/restorations',
  getDeadLetter: 'GET /v1/dead-letters/{id}',
  editDeadLetter: 'POST /v1/dead-letters/{id}/edits',
  listDeadLetterGroups: 'GET /v1/dead-letter-groups',
  getDeadLetterGroup: 'GET /v1/dead-letter-groups/{id}',
  listGroupNotes: 'GET /v1/dead-letter-groups/{id}/notes',
  createGroupNote: 'POST /v1/dead-letter-groups/{id}/notes',
  createReplay: 'POST /v1/replays',
  listReplays: 'GET /v1/replays',
  getReplay: 'GET /v1/replays/{id}',
  listReplayItems: 'GET /v1/replays/{id}/items',
  pauseReplay: 'POST /v1/replays/{id}/pauses',
  resumeReplay: 'POST /v1/replays/{id}/resumptions',
  abortReplay: 'POST /v1/replays/{id}/abortions',
  changeReplayPace: 'POST /v1/replays/{id}/paces',
  followUpReplay: 'POST /v1/replays/{id}/follow-ups',
  listAuditOperations: 'GET /v1/audit/operations',
  getAuditOperation: 'GET /v1/audit/operations/{id}',
  listAuditedMessages: 'GET /v1/audit/operations/{id}/messages',
  exportAudit: 'GET /v1/audit/export',
  listQueues: 'GET /v1/monitor/queues',
  listWorkers: 'GET /v1/monitor/workers',
  listLatencies: 'GET /v1/monitor/latency',
  listFindings: 'GET /v1/monitor/findings',
} as const;

export type Endpoint = keyof typeof endpoints;
/** A list is sent as the same parameter several times. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The method, and the path with its parameter and query filled in. */
export function address(
  endpoint: Endpoint,
  { id = '', query = {} }: { id?: string; query?: Query } = {},
): { method: string; path: string } {
  const [method = '', template = ''] = endpoints[endpoint].split(' ');
  const given = Object.entries(query).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): [string, string] => [name, String(each)]),
  );
  const search = new URLSearchParams(given);
  const path = template.replace(/\{\w+\}/, encodeURIComponent(id));
  return { method, path: given.length === 0 ? path : `${path}?${search.toString()}` };
}
