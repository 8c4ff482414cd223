import { Readable } from 'node:stream';
import type { ImportOptions, SourceOptions } from '@offload/contracts';
import { convertSource, FileRefused, type ResolvedSource } from '@offload/formats';
import type { FileStore } from '@offload/storage';
import { sourceLimits } from '../../config.js';
import { lookInto } from './look-into.js';
import { sourceFile } from './source-file.js';

export interface Converted {
  /** Bytes of the plain copy. */
  size: number;
  /** How the plain copy is written. */
  plain: SourceOptions;
  /** How the file itself is written. */
  written: ResolvedSource;
}

export interface Watch {
  /** Is told how many more bytes of the file were read; answers whether to go on. */
  read(bytes: number): Promise<boolean>;
}

/**
 * Stores a plain copy of a file under another key; when this resolves the copy is whole. What cannot be imported as it
 * is, is an answer too. Safe to repeat.
 */
export async function convertFile(
  files: FileStore,
  {
    file,
    key,
    options,
    watch,
  }: {
    file: { key: string; name: string; size: number };
    key: string;
    options: Pick<ImportOptions, 'source' | 'values'>;
    watch: Watch;
  },
): Promise<Converted | FileRefused | 'stopped'> {
  const source = sourceFile(files, file);
  const found = await lookInto(source, options);
  if (found instanceof FileRefused) return found;
  let read = 0;
  const { plain, bytes } = convertSource(source, found.source, sourceLimits, {
    onRead: (more) => (read += more),
  });
  try {
    const { size } = await files.put(key, Readable.from(watched(bytes)));
    const { bom: _bom, ...written } = plain;
    return { size, plain: written, written: found.source };
  } catch (error) {
    if (error instanceof FileRefused) return error;
    if (error instanceof Stopped) return 'stopped';
    throw error;
  }

  async function* watched(converted: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let told = 0;
    for await (const piece of converted) {
      yield piece;
      const more = read - told;
      told = read;
      if (!(await watch.read(more))) throw new Stopped();
    }
  }
}

class Stopped extends Error {}
