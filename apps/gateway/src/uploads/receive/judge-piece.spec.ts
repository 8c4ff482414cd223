import type { Upload } from '../upload.entity.js';
import { judgePiece, type Piece } from './judge-piece.js';

const now = new Date('2026-01-01T12:00:00Z');

describe(judgePiece, () => {
  it.each<[string, Partial<Upload>, Partial<Piece>, number | null]>([
    ['the next bytes', { received: 40 }, { offset: 40, contentLength: 60 }, 100],
    ['bytes of unknown number', { received: 40 }, { offset: 40 }, 100],
    ['bytes while the length is open', { size: null }, { contentLength: 1000 }, null],
    ['the length that was left open', { size: null }, { length: 70, contentLength: 70 }, 70],
    ['the same length once more', {}, { length: 100 }, 100],
    [
      'nothing, once more, when everything has come',
      { received: 100, state: 'ready' },
      { offset: 100, contentLength: 0 },
      100,
    ],
  ])('takes %s', (_, upload, piece, size) => {
    expect(judge(upload, piece)).toBe(size);
  });

  it.each<[string, Partial<Upload>, Partial<Piece>, string]>([
    ['bytes from elsewhere', { received: 40 }, { offset: 39 }, 'mismatching_upload_offset'],
    ['more than the whole', {}, { contentLength: 101 }, 'file_too_large'],
    [
      'more when everything has come',
      { received: 100, state: 'ready' },
      { offset: 100, contentLength: 1 },
      'file_too_large',
    ],
    [
      'more than the limit while the length is open',
      { size: null },
      { contentLength: 1001 },
      'file_too_large',
    ],
    ['a length over the limit', { size: null }, { length: 1001 }, 'file_too_large'],
    ['another length', {}, { length: 99 }, 'inconsistent_upload_length'],
    [
      'a length below what has come',
      { size: null, received: 40 },
      { offset: 40, length: 39 },
      'inconsistent_upload_length',
    ],
    ['a length of nothing', { size: null }, { length: 0 }, 'empty_file'],
    ['bytes for what is put together', { kind: 'assembled' }, {}, 'final_upload'],
    ['bytes for what has expired', { state: 'expired' }, {}, 'upload_expired'],
    ['bytes after the time is over', { expiresAt: now }, {}, 'upload_expired'],
    [
      'bytes for what was rejected',
      { state: 'rejected', problemDetail: 'It is a PDF.' },
      {},
      'unsupported_file_type',
    ],
  ])('refuses %s', (_, upload, piece, code) => {
    expect(() => judge(upload, piece)).toThrow(expect.objectContaining({ code }));
  });
});

function judge(upload: Partial<Upload>, piece: Partial<Piece>): number | null {
  return judgePiece(
    {
      kind: 'whole',
      state: 'receiving',
      size: 100,
      received: 0,
      expiresAt: null,
      problemDetail: null,
      ...upload,
    },
    { offset: 0, ...piece },
    { maxBytes: 1000, now },
  );
}
