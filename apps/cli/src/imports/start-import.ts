import type { ImportResource } from '@offload/contracts/http';
import { existsSync } from 'node:fs';
import { isUuid } from '../options/parse-number.js';
import { type WishOptions, wishesOf } from '../options/wish-options.js';
import type { Session } from '../session.js';
import { whenReady } from './when-ready.js';
import { uploadFile, type UploadOptions } from './upload-file.js';
import { watchImport } from './watch-import.js';

export interface ImportOptions extends UploadOptions, WishOptions {
  dataset: string;
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
  const wishes = await wishesOf(options, options.dataset, terminal);
  const uploadId =
    isUuid(source) && !existsSync(source)
      ? source
      : (await whenReady(session, await uploadFile(session, source, options))).id;
  const body = {
    upload_id: uploadId,
    ...wishes,
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
