import { gunzip } from '../packing/gunzip.js';
import { InflateMeter } from '../packing/inflate-meter.js';
import { ZipArchive } from '../packing/zip-archive.js';
import { chooseEntry } from '../packing/choose-entry.js';
import { decodeText, withoutBom } from './decode-text.js';
import { streamRange } from './read-range.js';
import type { ResolvedSource } from './resolved-source.js';
import type { SourceFile } from './source-file.js';
import type { SourceLimits } from './source-limits.js';

/** The text of a file as UTF-8 without a byte order mark: unpacked and decoded, and otherwise as it is. */
export function openText(
  file: SourceFile,
  source: Pick<ResolvedSource, 'packing' | 'entry' | 'encoding' | 'bom'>,
  limits: SourceLimits,
): AsyncGenerator<Buffer> {
  const text = decodeText(openPacked(file, source, limits), source.encoding);
  return source.bom ? withoutBom(text) : text;
}

/** The bytes of a file, or of the file that is meant in an archive, without any packing. */
export async function* openPacked(
  file: SourceFile,
  { packing, entry }: Pick<ResolvedSource, 'packing' | 'entry'>,
  limits: SourceLimits,
): AsyncGenerator<Buffer> {
  switch (packing) {
    case 'none':
      yield* streamRange(file);
      break;
    case 'gzip':
      yield* gunzip(streamRange(file), new InflateMeter(limits));
      break;
    case 'zip': {
      const archive = await ZipArchive.open(file, limits);
      yield* archive.read(chooseEntry(archive.entries, entry), new InflateMeter(limits));
      break;
    }
  }
}
