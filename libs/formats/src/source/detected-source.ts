import type { SourceEncoding, SourceFormat } from '@offload/contracts';

/** What the bytes of a file tell about how it is packed and encoded; the dialect of CSV is told by its text. */
export interface DetectedSource {
  format: SourceFormat;
  packing: 'none' | 'gzip' | 'zip';
  /** Of a zip archive: the file in it that is meant. */
  entry?: string;
  encoding: SourceEncoding;
  bom: boolean;
  /** From 0 to 1; 1 when the encoding was told. */
  encodingConfidence: number;
  /** The files in a zip archive that can be chosen, in its order. */
  entries?: SourceEntry[];
  /** The sheets of a workbook, in its order. */
  sheets?: SourceSheet[];
  /** The name of the sheet that is meant. */
  sheet?: string;
  /** The beginning of the text, unpacked, as UTF-8 and without a byte order mark; empty for a workbook. */
  head: Buffer;
  /** There is nothing behind the head. */
  isWhole: boolean;
}

export interface SourceEntry {
  name: string;
  /** Bytes, as the archive says. */
  size: number;
}

export interface SourceSheet {
  name: string;
  isHidden: boolean;
}
