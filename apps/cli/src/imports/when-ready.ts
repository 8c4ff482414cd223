import type { UploadResource } from '@offload/contracts/http';
import { patiently } from '../api/retry.js';
import { EndedBadly } from '../exit-codes.js';
import type { Session } from '../session.js';
import { ProgressLine } from '../terminal/progress-line.js';

const firstPauseMs = 250;
const longestPauseMs = 5000;

/**
 * Waits until a file that was sent can be imported: it may still be hashed or scanned. Throws EndedBadly when
 * it is not taken, and Stopped on Ctrl-C.
 */
export async function whenReady(
  { api, terminal }: Session,
  sent: UploadResource,
): Promise<UploadResource> {
  const progress = new ProgressLine(terminal);
  try {
    let upload = sent;
    for (let pauseMs = firstPauseMs; isBeingChecked(upload); pauseMs *= 2) {
      progress.show(`${upload.file_name}: ${waitsFor(upload)}`, upload.state);
      await patiently(Math.min(longestPauseMs, pauseMs), api.options.signal);
      upload = await api.get<UploadResource>('getUpload', { id: upload.id });
    }
    if (upload.state === 'ready') return upload;
    throw new EndedBadly(`${upload.file_name} cannot be imported. ${upload.problem?.detail ?? ''}`);
  } finally {
    progress.end();
  }
}

function isBeingChecked({ state }: UploadResource): boolean {
  return state === 'received' || state === 'scanning';
}

function waitsFor({ state, hold }: UploadResource): string {
  if (hold) return hold.detail;
  return state === 'scanning' ? 'being scanned for viruses' : 'being put together and hashed';
}
