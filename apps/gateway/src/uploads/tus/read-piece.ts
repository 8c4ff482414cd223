import type { Request } from 'express';
import type { Piece } from '../receive/judge-piece.js';
import { NotOffsetStream } from './tus.errors.js';
import { readUploadLength, readUploadOffset } from './tus-headers.js';
import { readUploadChecksum } from './upload-checksum.js';

type Headed = Pick<Request, 'headers' | 'header'>;

/** Reads the headers of a PATCH. Throws NotOffsetStream or InvalidUploadHeader. */
export function readPiece(request: Headed): Piece {
  refuseOtherTypes(request);
  return {
    offset: readUploadOffset(request.header('upload-offset')),
    length: readUploadLength(request.header('upload-length')),
    ...bodyOf(request),
  };
}

/** Reads the headers of the bytes that a creation brings along; undefined when it brings none. */
export function readFirstPiece(request: Headed): Piece | undefined {
  const { headers } = request;
  const hasBody =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (!hasBody) return undefined;
  refuseOtherTypes(request);
  return { offset: 0, ...bodyOf(request) };
}

function bodyOf({ headers }: Headed): Pick<Piece, 'checksum' | 'contentLength'> {
  const length = headers['content-length'];
  return {
    checksum: readUploadChecksum(headers['upload-checksum']?.toString()),
    ...(length === undefined ? {} : { contentLength: Number(length) }),
  };
}

/** Core: "All PATCH requests MUST use Content-Type: application/offset+octet-stream, otherwise the server SHOULD return a 415". */
function refuseOtherTypes({ headers }: Headed): void {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/offset+octet-stream') {
    throw new NotOffsetStream(headers['content-type']);
  }
}
