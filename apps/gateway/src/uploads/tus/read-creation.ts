import type { Request } from 'express';
import { InvalidUploadHeader } from './tus.errors.js';
import { readNewLength } from './tus-headers.js';
import { readUploadConcat } from './upload-concat.js';
import { readUploadMetadata, type UploadMetadata } from './upload-metadata.js';

/** What a client says of the upload that it begins. */
export interface Creation extends UploadMetadata {
  /** Null when it says so later, or when it follows from the parts. */
  size: number | null;
  /** The headers as they came. */
  metadata: string | null;
  concat: string | null;
  /** Of an upload that is put together. */
  parts: string[] | undefined;
}

/** Reads the headers of a creation. Throws InvalidUploadHeader. */
export function readCreation({ headers }: Pick<Request, 'headers'>): Creation {
  const length = single(headers['upload-length']);
  const deferLength = single(headers['upload-defer-length']);
  const metadata = single(headers['upload-metadata']);
  const concat = single(headers['upload-concat']);
  const role = readUploadConcat(concat);
  const isAssembled = role?.kind === 'assembled';
  // Concatenation: "The Client MUST NOT include the Upload-Length header in the final upload creation."
  if (isAssembled && length !== undefined) {
    throw new InvalidUploadHeader('Upload-Length', 'what is put together is as long as its parts');
  }
  return {
    ...readUploadMetadata(metadata),
    size: isAssembled ? null : readNewLength(length, deferLength),
    metadata: metadata ?? null,
    concat: concat ?? null,
    parts: isAssembled ? role.parts : undefined,
  };
}

/** Node joins a header of ours that stands twice with a comma, so it is never a list. */
function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}
