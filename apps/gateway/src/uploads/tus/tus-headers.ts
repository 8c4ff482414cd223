import { InvalidUploadHeader } from './tus.errors.js';

/** The header Upload-Length; undefined when it was not given. Throws InvalidUploadHeader. */
export function readUploadLength(header: string | undefined): number | undefined {
  return header === undefined ? undefined : countIn('Upload-Length', header);
}

/** The header Upload-Offset, which every PATCH has. Throws InvalidUploadHeader. */
export function readUploadOffset(header: string | undefined): number {
  if (header === undefined) {
    throw new InvalidUploadHeader('Upload-Offset', 'it is missing: it says where the bytes belong');
  }
  return countIn('Upload-Offset', header);
}

/**
 * How long a new upload will be; null when the client says so later. Throws InvalidUploadHeader.
 *
 * Creation: "The Client MUST send either Upload-Length or Upload-Defer-Length", and the latter "MUST be 1".
 */
export function readNewLength(
  length: string | undefined,
  deferLength: string | undefined,
): number | null {
  if (deferLength !== undefined && deferLength !== '1') {
    throw new InvalidUploadHeader('Upload-Defer-Length', 'it can only be 1');
  }
  const size = readUploadLength(length);
  if (size === undefined && deferLength === undefined) {
    throw new InvalidUploadHeader(
      'Upload-Length',
      'it is missing: give it, or Upload-Defer-Length: 1',
    );
  }
  if (size !== undefined && deferLength !== undefined) {
    throw new InvalidUploadHeader(
      'Upload-Defer-Length',
      'it contradicts Upload-Length: give one of them',
    );
  }
  return size ?? null;
}

/** Digits only: no sign, no fraction, and nothing that a number cannot hold exactly. */
function countIn(name: string, header: string): number {
  const count = /^\d{1,16}$/.test(header) ? Number(header) : Number.NaN;
  if (!Number.isSafeInteger(count)) {
    throw new InvalidUploadHeader(name, `“${header.slice(0, 40)}” is not a count of bytes`);
  }
  return count;
}
