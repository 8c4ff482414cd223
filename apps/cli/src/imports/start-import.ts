import type { CreateImportRequest, ImportResource } from '@offload/contracts/http';
import { existsSync } from 'node:fs';
import { UsageError } from '../exit-codes.js';
import { isUuid } from '../options/parse-number.js';
import { readJsonFile } from '../options/read-file.js';
import type { Session } from '../session.js';
import { whenReady } from './when-ready.js';
import { watchImport } from './watch-import.js';
import { uploadFile, type UploadOptions } from './upload-file.js';

export interface ImportOptions extends UploadOptions {
  dataset: string;
  columns?: string;
  notify?: string;
  name?: string;
  watch?: boolean;
}

/** `offload import`: a file is sent first; one that was sent before is named by the id of its upload. */
export async function startImport(
  session: Session,
  source: string,
  options: ImportOptions,
): Promise<void> {
  const { api, terminal, isJson } = session;
  const columns = await columnsIn(options, session);
  const uploadId =
    isUuid(source) && !existsSync(source)
      ? source
      : (await whenReady(session, await uploadFile(session, source, options))).id;
  const body: CreateImportRequest = {
    upload_id: uploadId,
    dataset: { name: options.dataset, ...(columns && { columns }) },
    ...(options.name !== undefined && { name: options.name }),
    ...(options.notify !== undefined && { notify: { email: options.notify } }),
  };
  const begun = await api.post<ImportResource>('createImport', { body });
  const words = `Import ${begun.id} is accepted.`;
  if (options.watch) {
    if (!isJson) terminal.note(words);
    return watchImport(session, begun.id);
  }
  session.show(begun, () => `${words}\nWatch it: offload imports show ${begun.id} --watch`);
}

async function columnsIn(
  { columns: path }: ImportOptions,
  { terminal }: Session,
): Promise<CreateImportRequest['dataset']['columns']> {
  if (path === undefined) return undefined;
  const columns = await readJsonFile(path, terminal);
  if (!Array.isArray(columns)) {
    throw new UsageError(
      `${path} is not a list of columns: [{"name":"id","type":"bigint","nullable":false}, …]`,
    );
  }
  // What each column must have is the API's to say.
  return columns as CreateImportRequest['dataset']['columns'];
}
