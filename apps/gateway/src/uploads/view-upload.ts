import { FileKeyInvalid, FileNotFound, type FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { Upload } from './upload.entity.js';

interface View {
  summary: string;
  href: string | null;
}

/** An upload of any tenant in one sentence, for operators; undefined when there is none. */
export async function viewUpload(tx: EntityManager, id: string): Promise<View | undefined> {
  const upload = await tx.findOneBy(Upload, { id });
  return upload
    ? { summary: `The upload is ${sentenceOf(upload)}.`, href: hrefOf(upload) }
    : undefined;
}

/** A file in the storage by its key, and the upload that brought it; undefined when there is neither. */
export function viewFile(
  files: FileStore,
): (tx: EntityManager, key: string) => Promise<View | undefined> {
  return async (tx, key) => {
    const upload = await findUpload(tx, key);
    const size = await sizeOf(files, key);
    const href = upload ? hrefOf(upload) : null;
    if (size !== undefined) {
      const what = upload ? sentenceOf(upload) : `${bytes(size)}, of no upload that is known`;
      return { summary: `The file is in the storage: ${what}.`, href };
    }
    if (!upload) return undefined;
    return { summary: `The file is gone from the storage; it was ${sentenceOf(upload)}.`, href };
  };
}

/** Keys are `<tenant>/<upload>`; the id finds the row without a search, and the key has to be the same. */
async function findUpload(tx: EntityManager, storageKey: string): Promise<Upload | null> {
  const id = z.uuid().safeParse(storageKey.split('/')[1]).data;
  return id === undefined ? null : tx.findOneBy(Upload, { id, storageKey });
}

async function sizeOf(files: FileStore, key: string): Promise<number | undefined> {
  try {
    return (await files.stat(key)).size;
  } catch (error) {
    if (error instanceof FileNotFound || error instanceof FileKeyInvalid) return undefined;
    throw error;
  }
}

function sentenceOf({ fileName, state, received, createdAt }: Upload): string {
  const how = state === 'ready' ? 'received' : `${state}, begun`;
  return `“${fileName}”, ${bytes(received)}, ${how} at ${createdAt.toISOString()}`;
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count.toLocaleString('en')} bytes`;
}

function hrefOf({ id }: Upload): string {
  return `/v1/uploads/${id}`;
}
