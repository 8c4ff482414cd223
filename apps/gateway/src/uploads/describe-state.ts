import type { Upload } from './upload.entity.js';

type Standing = Pick<
  Upload,
  'state' | 'kind' | 'size' | 'received' | 'problemDetail' | 'scanSignature'
>;

/** How an upload stands, in a sentence that says why it cannot be used. */
export function describeState(upload: Standing): string {
  if (upload.kind === 'part')
    return 'The upload is a part of another one and cannot be used by itself.';
  return sentences[upload.state](upload);
}

const sentences: Record<Upload['state'], (upload: Standing) => string> = {
  receiving: (upload) => `The upload is still receiving: ${howMuch(upload)} come.`,
  received: () => 'The upload has come and is being put together and hashed.',
  scanning: () => 'The upload has come and waits for its virus scan.',
  ready: () => 'The upload is ready.',
  quarantined: ({ scanSignature }) =>
    `The upload is in quarantine: the virus scanner found ${scanSignature ?? 'something'} in it.`,
  rejected: ({ problemDetail }) => `The upload was rejected. ${problemDetail ?? ''}`.trim(),
  expired: () => 'The upload has expired, and its bytes were removed.',
};

/** 100 % only with the last byte. */
function howMuch({ size, received }: Standing): string {
  return size === null || size === 0
    ? `so far ${received.toLocaleString('en')} bytes have`
    : `${Math.min(99, Math.floor((received / size) * 100))} % has`;
}
