import { expiryOf, type UploadTimes } from '../upload-config.js';
import type { Upload } from '../upload.entity.js';
import { rejected } from '../when-whole.js';
import type { Examination } from './examine-upload.js';

/** What scans; told with each verdict. */
const engine = 'clamd';

/** What is written down of an upload after its check. */
export function afterCheck(
  upload: Upload,
  { detected, refusal, sha256, verdict }: Examination,
  { times, now }: { times: UploadTimes; now: Date },
): Partial<Upload> {
  const known = { detectedType: detected.type, sha256: sha256 ?? upload.sha256 };
  if (refusal !== undefined) return { ...known, ...rejected(refusal) };
  if (verdict?.verdict === 'infected') {
    const { signature } = verdict;
    return {
      ...known,
      state: 'quarantined',
      scanStatus: 'infected',
      scanEngine: engine,
      scanSignature: signature,
      scannedAt: now,
      problemCode: 'infected',
      problemDetail: `The virus scanner found ${signature} in it.`,
      expiresAt: null,
    };
  }
  const isClean = verdict?.verdict === 'clean';
  // One that is scanned later keeps its time.
  const { expiresAt } = upload.state === 'ready' ? upload : { expiresAt: readyUntil(times, now) };
  return {
    ...known,
    state: 'ready',
    scanStatus: verdict === undefined ? 'off' : isClean ? 'clean' : 'not_scanned',
    scanEngine: isClean ? engine : null,
    scannedAt: isClean ? now : null,
    expiresAt,
  };
}

function readyUntil(times: UploadTimes, now: Date): Date {
  return expiryOf(times, { state: 'ready', kind: 'whole' }, now);
}
