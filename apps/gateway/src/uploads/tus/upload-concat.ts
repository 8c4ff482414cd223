import { z } from 'zod';
import { InvalidUploadHeader } from './tus.errors.js';

/** What an upload is in a concatenation. */
export type UploadConcat = { kind: 'part' } | { kind: 'assembled'; parts: string[] };

/**
 * Reads the header Upload-Concat; undefined when it was not given. Throws InvalidUploadHeader.
 *
 * Concatenation: "partial", or "final followed by a semicolon and then a space-separated list of partial
 * upload URLs", of which "the URL […] MAY be absolute or relative". Of a URL only the id at its end counts:
 * what stands before it is the way through proxies.
 */
export function readUploadConcat(header: string | undefined): UploadConcat | undefined {
  if (header === undefined) return undefined;
  if (header === 'partial') return { kind: 'part' };
  if (!header.startsWith('final;')) {
    throw new InvalidUploadHeader('Upload-Concat', 'it is neither “partial” nor “final;…”');
  }
  const urls = header.slice('final;'.length).split(' ').filter(Boolean);
  if (urls.length === 0) throw new InvalidUploadHeader('Upload-Concat', 'it names no parts');
  return { kind: 'assembled', parts: urls.map(idIn) };
}

function idIn(url: string): string {
  const last = /\/v1\/uploads\/([^/?#]+)\/?$/.exec(url)?.[1];
  const id = z.uuid().safeParse(last).data;
  if (id === undefined) {
    throw new InvalidUploadHeader('Upload-Concat', `“${url.slice(0, 100)}” is not an upload`);
  }
  return id.toLowerCase();
}
