import { readCreation } from './read-creation.js';
import { readFirstPiece, readPiece } from './read-piece.js';

const id = '0198d0e4-5c1a-7a3e-9b1d-2f6c8e4a1b01';

describe(readCreation, () => {
  it.each([
    [{ 'upload-length': '9' }, { size: 9, metadata: null, concat: null, parts: undefined }],
    [{ 'upload-defer-length': '1' }, { size: null }],
    [
      {
        'upload-length': '9',
        'upload-metadata': 'filename bmHDr3ZlLmNzdg==,filetype dGV4dC9jc3Y=, is_new',
      },
      {
        fileName: 'naïve.csv',
        declaredType: 'text/csv',
        metadata: 'filename bmHDr3ZlLmNzdg==,filetype dGV4dC9jc3Y=, is_new',
      },
    ],
    [{ 'upload-length': '9', 'upload-metadata': '' }, { fileName: undefined }],
    [{ 'upload-length': '9', 'upload-metadata': 'filetype YQANCmI=' }, { declaredType: 'ab' }],
    [
      { 'upload-length': '9', 'upload-concat': 'partial' },
      { concat: 'partial', size: 9 },
    ],
    [
      {
        'upload-concat': `final;/v1/uploads/${id} https://example.org/api/v1/uploads/${id.toUpperCase()}`,
      },
      { size: null, parts: [id, id] },
    ],
  ])('reads %j', (headers, creation) => {
    expect(readCreation({ headers })).toMatchObject(creation);
  });

  it.each([
    [{}, 'Upload-Length cannot be used: it is missing'],
    [{ 'upload-length': '-1' }, '“-1” is not a count'],
    [{ 'upload-length': '1e3' }, '“1e3” is not a count'],
    [{ 'upload-length': '9007199254740993' }, 'is not a count'],
    [{ 'upload-length': '5', 'upload-defer-length': '1' }, 'it contradicts Upload-Length'],
    [{ 'upload-defer-length': '2' }, 'it can only be 1'],
    [{ 'upload-length': '5', 'upload-metadata': 'filename a$b' }, 'Upload-Metadata cannot be used'],
    [
      { 'upload-length': '5', 'upload-metadata': 'filename abcde' },
      'Upload-Metadata cannot be used',
    ],
    [{ 'upload-length': '5', 'upload-metadata': 'a YQ==,a Yg==' }, 'a stands twice'],
    [
      { 'upload-length': '5', 'upload-metadata': 'a YQ==,,b Yg==' },
      'Upload-Metadata cannot be used',
    ],
    [{ 'upload-length': '5', 'upload-concat': 'half' }, 'neither “partial” nor “final;…”'],
    [{ 'upload-concat': 'final;' }, 'it names no parts'],
    [{ 'upload-concat': 'final;/etc/passwd' }, '“/etc/passwd” is not an upload'],
    [{ 'upload-length': '5', 'upload-concat': `final;/v1/uploads/${id}` }, 'as long as its parts'],
  ])('refuses %j', (headers, words) => {
    expect(() => readCreation({ headers })).toThrow(
      expect.objectContaining({ code: 'invalid_header', message: expect.stringContaining(words) }),
    );
  });
});

describe(readPiece, () => {
  const patch = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '7' };
  const hash = Buffer.alloc(20, 'x');

  it('reads where the bytes belong, how many they are and what they hash to', () => {
    const headers = {
      ...patch,
      'content-length': '5',
      'upload-length': '12',
      'upload-checksum': `SHA1 ${hash.toString('base64')}`,
    };

    expect(readPiece(withHeaders(headers))).toEqual({
      offset: 7,
      length: 12,
      contentLength: 5,
      checksum: { algorithm: 'sha1', digest: hash },
    });
    expect(readPiece(withHeaders(patch))).toEqual({ offset: 7 });
  });

  it.each([
    [{ ...patch, 'content-type': 'text/csv' }, 'unsupported_media_type', 'not sent as text/csv'],
    [{ 'upload-offset': '7' }, 'unsupported_media_type', 'no Content-Type'],
    [{ 'content-type': patch['content-type'] }, 'invalid_header', 'Upload-Offset'],
    [{ ...patch, 'upload-checksum': 'crc32 AAAA' }, 'invalid_header', 'none of sha1, sha256, md5'],
    [{ ...patch, 'upload-checksum': 'sha1 AAAA' }, 'invalid_header', 'the 20 bytes of the hash'],
  ])('refuses %j', (headers, code, words) => {
    expect(() => readPiece(withHeaders(headers))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    );
  });

  it('finds in a creation the bytes that it brings, or none', () => {
    const { 'content-type': type } = patch;

    expect(readFirstPiece(withHeaders({ 'upload-length': '5' }))).toBeUndefined();
    expect(readFirstPiece(withHeaders({ 'content-length': '0' }))).toBeUndefined();
    expect(readFirstPiece(withHeaders({ 'content-length': '5', 'content-type': type }))).toEqual({
      offset: 0,
      contentLength: 5,
    });
    expect(
      readFirstPiece(withHeaders({ 'transfer-encoding': 'chunked', 'content-type': type })),
    ).toEqual({ offset: 0 });
  });
});

function withHeaders(headers: Record<string, string>) {
  return { headers, header: (name: string) => headers[name] } as Parameters<typeof readPiece>[0];
}
