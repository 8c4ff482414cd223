import { existsSync } from 'node:fs';
import type { Inspection } from '@offload/contracts/http';
import { uploadFile, type UploadOptions } from '../imports/upload-file.js';
import { whenReady } from '../imports/when-ready.js';
import type { FileOptions } from '../options/file-options.js';
import { isUuid } from '../options/parse-number.js';
import type { Session } from '../session.js';
import { drawInspection } from './draw-inspection.js';

export type InspectOptions = UploadOptions & FileOptions;

/** `offload inspect`: a file is sent first, and stays, so that it can be imported by the id of its upload. */
export async function inspectFile(
  session: Session,
  source: string,
  options: InspectOptions,
): Promise<void> {
  const { api, terminal } = session;
  const id =
    isUuid(source) && !existsSync(source)
      ? source
      : (await whenReady(session, await uploadFile(session, source, options))).id;
  const told = {
    ...(options.source && { source: options.source }),
    ...(options.values && { values: options.values }),
  };
  const found = await api.ask<Inspection>('inspectUpload', { id, body: told });
  session.show(found, () => drawInspection(found, told, terminal));
}
