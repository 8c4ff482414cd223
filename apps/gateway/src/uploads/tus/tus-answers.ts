import { tusChecksumAlgorithms, tusExtensions, tusVersion } from '@offload/contracts/http';
import type { Upload } from '../upload.entity.js';

/** The limits that are announced. */
export interface AnnouncedLimits {
  MAX_UPLOAD_BYTES: number;
  UPLOAD_EXPIRES_HOURS: number;
}

/**
 * What of tus is spoken, and the limits: also as `Upload-Limit`, in which the successor of tus
 * (draft-ietf-httpbis-resumable-upload) announces them.
 */
export function discoveryHeaders(limits: AnnouncedLimits): Record<string, string> {
  const { MAX_UPLOAD_BYTES: maxSize, UPLOAD_EXPIRES_HOURS: hours } = limits;
  return {
    'Tus-Resumable': tusVersion,
    'Tus-Version': tusVersion,
    'Tus-Extension': tusExtensions.join(','),
    'Tus-Checksum-Algorithm': tusChecksumAlgorithms.join(','),
    'Tus-Max-Size': String(maxSize),
    'Upload-Limit': `max-size=${maxSize}, max-age=${Math.floor(hours * 3600)}`,
  };
}

/**
 * How an upload stands, in the headers of tus.
 *
 * Concatenation: of a final upload "the response MUST NOT contain the Upload-Offset header unless the
 * concatenation has been successfully finished". Expiration: the time "after which the unfinished upload
 * expires", so a finished one has none.
 */
export function uploadHeaders(upload: Upload): Record<string, string> {
  const { state, kind, size, received, metadata, concat, expiresAt, sha256 } = upload;
  const isOpen = kind === 'assembled' && sha256 === null;
  const isUnfinished = state === 'receiving' || kind === 'part';
  return {
    ...(isOpen ? {} : { 'Upload-Offset': String(received) }),
    ...(size === null ? {} : { 'Upload-Length': String(size) }),
    ...(size === null && kind !== 'assembled' ? { 'Upload-Defer-Length': '1' } : {}),
    ...(metadata === null ? {} : { 'Upload-Metadata': metadata }),
    ...(concat === null ? {} : { 'Upload-Concat': concat }),
    ...(isUnfinished && expiresAt ? { 'Upload-Expires': expiresAt.toUTCString() } : {}),
  };
}
