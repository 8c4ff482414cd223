import {
  FinalUpload,
  InconsistentLength,
  MismatchingOffset,
  PastTheEnd,
} from '../tus/tus.errors.js';
import type { UploadChecksum } from '../tus/upload-checksum.js';
import type { Upload } from '../upload.entity.js';
import {
  EmptyFile,
  UnsupportedFileType,
  UploadExpired,
  UploadTooLarge,
} from '../uploads.errors.js';

/** What one request says of the bytes that it brings. */
export interface Piece {
  offset: number;
  /** The length of the whole upload, where it was left open until now. */
  length?: number | undefined;
  checksum?: UploadChecksum | undefined;
  /** Bytes of the body; undefined when the request does not say. */
  contentLength?: number | undefined;
}

type Standing = Pick<
  Upload,
  'kind' | 'state' | 'size' | 'received' | 'expiresAt' | 'problemDetail'
>;

/** Throws what an upload is that nothing can be added to any more, or ever. */
export function refuseGone(upload: Standing, now = new Date()): void {
  const { state, expiresAt, problemDetail } = upload;
  const isOver = state === 'receiving' && expiresAt !== null && expiresAt <= now;
  if (state === 'expired' || isOver) throw new UploadExpired();
  if (state === 'rejected')
    throw new UnsupportedFileType(problemDetail ?? 'The file is not taken.');
}

/**
 * Whether the bytes fit where the upload stands. Answers the length of the whole upload, as far as it is
 * known with this request. Throws what tus wants to be answered otherwise.
 */
export function judgePiece(
  upload: Standing,
  { offset, length, contentLength }: Piece,
  { maxBytes, now = new Date() }: { maxBytes: number; now?: Date },
): number | null {
  if (upload.kind === 'assembled') throw new FinalUpload();
  refuseGone(upload, now);
  if (offset !== upload.received) throw new MismatchingOffset(offset, upload.received);
  const size = lengthOf(upload, length);
  if (size !== null && size > maxBytes) throw new UploadTooLarge(maxBytes);
  if (size === 0 && upload.kind === 'whole') throw new EmptyFile();
  const end = offset + (contentLength ?? 0);
  if (size !== null && end > size) throw new PastTheEnd(size);
  if (end > maxBytes) throw new UploadTooLarge(maxBytes);
  return size;
}

/** Creation: "Once it is known the Client MUST set the Upload-Length header in the next PATCH request. […] the length MUST NOT be changed." */
function lengthOf({ size, received }: Standing, length: number | undefined): number | null {
  if (length === undefined) return size;
  if (size !== null && length !== size) {
    throw new InconsistentLength(`The upload has ${size} bytes, and cannot have ${length} now.`);
  }
  if (length < received) {
    throw new InconsistentLength(
      `${received} bytes have come already, which is more than ${length}.`,
    );
  }
  return length;
}
