import { tusChecksumAlgorithms } from '@offload/contracts/http';
import { InvalidUploadHeader } from './tus.errors.js';

/** What the bytes of one request should hash to. */
export interface UploadChecksum {
  algorithm: (typeof tusChecksumAlgorithms)[number];
  digest: Buffer;
}

const bytesOf = { sha1: 20, sha256: 32, md5: 16 };

/**
 * Reads the header Upload-Checksum; undefined when it was not given. Throws InvalidUploadHeader.
 *
 * Checksum: it "MUST consist of the name of the used checksum algorithm and the Base64 encoded checksum
 * separated by a space", and an algorithm that is not supported is answered 400.
 */
export function readUploadChecksum(header: string | undefined): UploadChecksum | undefined {
  if (header === undefined) return undefined;
  const [name = '', encoded = '', ...more] = header.trim().split(/ +/);
  const algorithm = tusChecksumAlgorithms.find((each) => each === name.toLowerCase());
  if (!algorithm) {
    throw new InvalidUploadHeader(
      'Upload-Checksum',
      `“${name.slice(0, 40)}” is none of ${tusChecksumAlgorithms.join(', ')}`,
    );
  }
  const digest = Buffer.from(encoded, 'base64');
  if (digest.length !== bytesOf[algorithm] || more.length > 0) {
    throw new InvalidUploadHeader(
      'Upload-Checksum',
      `write it as “${algorithm} ” and the ${bytesOf[algorithm]} bytes of the hash in Base64`,
    );
  }
  return { algorithm, digest };
}
