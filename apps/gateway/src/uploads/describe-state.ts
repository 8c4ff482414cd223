import type { Upload } from './upload.entity.js';

type Standing = Pick<
  Upload,
  'state' | 'kind' | 'size' | 'received' | 'problemDetail' | 'scanSignature'
>;

/** How an upload stands, in a sentence that says why it cannot be used. */
export function describeState(upload: Standing): string {
  if (upload.kind === 'part')
    return 'The upload is a part of another one and cannot be used by itself.';
  switch (upload.state) {
    case 'receiving':
      return `The upload is still receiving: ${howMuch(upload)} come.`;
    case 'received':
      return 'The upload has come and is being put together and hashed.';
    case 'scanning':
      return 'The upload has come and waits for its virus scan.';
    case 'ready':
      return 'The upload is ready.';
    case 'quarantined':
      return `The upload is in quarantine: the virus scanner found ${upload.scanSignature ?? 'something'} in it.`;
    case 'rejected':
      return `The upload was rejected. ${upload.problemDetail ?? ''}`.trim();
    case 'expired':
      return 'The upload has expired, and its bytes were removed.';
  }
}

/** 100 % only with the last byte. */
function howMuch({ size, received }: Standing): string {
  return size === null || size === 0
    ? `so far ${received.toLocaleString('en')} bytes have`
    : `${Math.min(99, Math.floor((received / size) * 100))} % has`;
}
