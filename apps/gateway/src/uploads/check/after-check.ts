import { expiryOf, type ScanPolicy, type UploadTimes } from '../upload-config.js';
import type { Upload } from '../upload.entity.js';
import { rejected } from '../when-whole.js';
import type { Examination } from './examine-upload.js';

/** What is written down of an upload after its check. */
export function afterCheck(
  upload: Upload,
  { detected, refusal, sha256, verdict, engine }: Examination,
  { policy, times, now }: { policy: ScanPolicy; times: UploadTimes; now: Date },
): Partial<Upload> {
  const known = { detectedType: detected.type, sha256: sha256 ?? upload.sha256 };
  if (refusal !== undefined) return { ...known, ...rejected(refusal) };
  const scanned = { scanEngine: engine ?? null, scannedAt: now };
  // One that is scanned later keeps its time.
  const { expiresAt } = upload.state === 'ready' ? upload : { expiresAt: readyUntil(times, now) };
  const ready = { ...known, state: 'ready', expiresAt } as const;
  if (verdict === undefined) return { ...ready, scanStatus: 'off' };
  switch (verdict.verdict) {
    case 'clean':
      return { ...ready, ...scanned, scanStatus: 'clean' };
    case 'infected':
      return { ...known, ...scanned, ...quarantined(verdict.signature) };
    case 'unavailable':
      return { ...ready, scanStatus: 'not_scanned' };
    case 'too-large':
    default:
      return policy === 'required'
        ? {
            ...known,
            ...rejected(tooLarge),
            problemCode: 'too_large_to_scan',
            scanStatus: 'too_large',
          }
        : { ...ready, ...scanned, scanStatus: 'too_large' };
  }
}

const tooLarge =
  'The file is larger than the virus scanner looks into, and none is used here that it has not found clean.';

function quarantined(signature: string): Partial<Upload> {
  return {
    state: 'quarantined',
    scanStatus: 'infected',
    scanSignature: signature,
    problemCode: 'infected',
    problemDetail: `The virus scanner found ${signature} in it.`,
    expiresAt: null,
  };
}

function readyUntil(times: UploadTimes, now: Date): Date {
  return expiryOf(times, { state: 'ready', kind: 'whole' }, now);
}
