import { InvalidUploadHeader } from './tus.errors.js';

/** What the client says of the file; other keys are kept with the header. */
export interface UploadMetadata {
  fileName: string | undefined;
  declaredType: string | undefined;
}

/**
 * Reads the header Upload-Metadata. Throws InvalidUploadHeader.
 *
 * Creation: "The Upload-Metadata request and response header MUST consist of one or more comma-separated
 * key-value pairs. The key and value MUST be separated by a space. The key MUST NOT contain spaces and
 * commas and MUST NOT be empty. The key SHOULD be ASCII encoded and the value MUST be Base64 encoded. All
 * keys MUST be unique. The value MAY be empty."
 */
export function readUploadMetadata(header: string | undefined): UploadMetadata {
  const values = new Map<string, string>();
  for (const pair of header?.trim() ? header.split(',') : []) {
    const [, key, value = ''] =
      /^([\x21-\x2b\x2d-\x7e]+)(?: +([\w+/=-]*))?$/.exec(pair.trim()) ?? [];
    if (key === undefined || !isBase64(value)) {
      throw new InvalidUploadHeader(
        'Upload-Metadata',
        'write it as “filename cGVvcGxlLmNzdg==, filetype dGV4dC9jc3Y=”, the values in Base64',
      );
    }
    if (values.has(key)) throw new InvalidUploadHeader('Upload-Metadata', `${key} stands twice`);
    values.set(key, Buffer.from(value, 'base64').toString('utf8'));
  }
  return {
    fileName: values.get('filename'),
    declaredType: oneLine(values.get('filetype')),
  };
}

function isBase64(value: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(value);
}

/** As it would come in a Content-Type. */
function oneLine(text: string | undefined): string | undefined {
  const clean = text
    ?.replaceAll(/[\p{Control}\p{Surrogate}]/gu, '')
    .trim()
    .slice(0, 255);
  return clean === '' ? undefined : clean;
}
