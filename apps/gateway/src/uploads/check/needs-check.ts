import type { ScanPolicy } from '../upload-config.js';
import type { Upload } from '../upload.entity.js';

type Standing = Pick<Upload, 'state' | 'kind' | 'scanStatus' | 'deletedAt' | 'removedAt'>;

/** Whether something is left to find out: it is not ready yet, or came while the scanner was away. */
export function needsCheck(upload: Standing, policy: ScanPolicy): boolean {
  const { state, kind, scanStatus, deletedAt, removedAt } = upload;
  if (kind === 'part' || deletedAt !== null || removedAt !== null) return false;
  if (state === 'received' || state === 'scanning') return true;
  return state === 'ready' && scanStatus === 'not_scanned' && policy !== 'off';
}
