import type { SourceOptions } from '@offload/contracts';
import { FileEmpty } from '../csv/csv.errors.js';
import { UNREADABLE } from '../csv/marks.js';
import { choosableEntries, chooseEntry } from '../packing/choose-entry.js';
import { InflateMeter } from '../packing/inflate-meter.js';
import { ArchiveNested, PackingMismatch } from '../packing/packing.errors.js';
import { sniffContent, type SniffedContent } from '../packing/sniff-content.js';
import { ZipArchive } from '../packing/zip-archive.js';
import { isWorkbook } from '../xlsx/is-workbook.js';
import { Workbook } from '../xlsx/workbook.js';
import { decodeText, withoutBom } from './decode-text.js';
import type { DetectedSource } from './detected-source.js';
import { detectEncoding } from './detect-encoding.js';
import { detectFormat } from './detect-format.js';
import { openPacked } from './open-text.js';
import { readHead, readRange } from './read-range.js';
import type { SourceFile } from './source-file.js';
import { DEFAULT_SOURCE_LIMITS, type SourceLimits } from './source-limits.js';
import { FormatMismatch, FormatUnsupported } from './source.errors.js';

/**
 * Tells how a file is packed and encoded and what is in it, from some hundred kilobytes of it. What was told
 * is taken as told; what contradicts the bytes is refused.
 *
 * Throws FileRefused for what cannot be imported, and what `file.read` throws as it is.
 */
export async function detectSource(
  file: SourceFile,
  told: SourceOptions = {},
  limits: Partial<SourceLimits> = {},
): Promise<DetectedSource> {
  if (file.size === 0) throw new FileEmpty();
  const all = { ...DEFAULT_SOURCE_LIMITS, ...limits };
  const start = await readRange(file, { from: 0, to: Math.min(file.size, HEAD_BYTES) });
  const content = sniffContent(start);
  if (content.kind === 'zip' && told.packing !== 'zip') {
    const archive = await ZipArchive.open(file, all);
    if (isWorkbook(archive.entries)) return await detectWorkbook(file, told, all);
  }
  const packing = told.packing ?? packingOf(content);
  if (packing !== 'none' && packing !== content.kind) throw new PackingMismatch(packing);
  if (packing === 'none') refuse(content, told);

  if (packing === 'zip') return await detectInZip(file, told, all);
  const name = packing === 'gzip' ? file.name.replace(/\.gz(ip)?$/i, '') : file.name;
  return await detectText(file, { packing }, name, told, all);
}

/** Bytes of a text that are looked at. */
const HEAD_BYTES = 256 * 1024;
/** Bytes in other places of a file that is not packed, to tell its encoding. */
const PIECE_BYTES = 64 * 1024;

function packingOf({ kind }: SniffedContent): DetectedSource['packing'] {
  return kind === 'gzip' || kind === 'zip' ? kind : 'none';
}

function refuse(content: SniffedContent, told: SourceOptions): void {
  if (content.kind === 'compound') {
    throw new FormatUnsupported(
      'an old Excel workbook (.xls), or one that is protected by a password',
      'Save it as .xlsx without a password, or as CSV.',
    );
  }
  if (content.kind === 'other') throw new FormatUnsupported(content.name, SEND_TEXT);
  if (told.format === 'xlsx') throw new FormatMismatch('xlsx', 'a text');
  if (content.kind !== 'text')
    throw new FormatMismatch(told.format ?? 'csv', `a ${content.kind} file`);
}

const SEND_TEXT = 'Send CSV, JSON, NDJSON or an Excel workbook (.xlsx), plain or as gzip or zip.';

async function detectWorkbook(
  file: SourceFile,
  told: SourceOptions,
  limits: SourceLimits,
): Promise<DetectedSource> {
  if (told.format !== undefined && told.format !== 'xlsx') {
    throw new FormatMismatch(told.format, 'an Excel workbook');
  }
  const workbook = await Workbook.open(file, new InflateMeter(limits), limits);
  return {
    format: 'xlsx',
    packing: 'none',
    encoding: 'utf-8',
    bom: false,
    encodingConfidence: 1,
    sheets: workbook.sheets.map(({ name, isHidden }) => ({ name, isHidden })),
    sheet: workbook.sheet(told.sheet).name,
    head: Buffer.alloc(0),
    isWhole: false,
  };
}

async function detectInZip(
  file: SourceFile,
  told: SourceOptions,
  limits: SourceLimits,
): Promise<DetectedSource> {
  const archive = await ZipArchive.open(file, limits);
  const chosen = chooseEntry(archive.entries, told.entry);
  const entries = choosableEntries(archive.entries).map(({ fileName, uncompressedSize }) => ({
    name: fileName,
    size: uncompressedSize,
  }));
  const packed = { packing: 'zip' as const, entry: chosen.fileName };
  const detected = await detectText(file, packed, chosen.fileName, told, limits);
  return { ...detected, entries };
}

async function detectText(
  file: SourceFile,
  packed: Pick<DetectedSource, 'packing' | 'entry'>,
  name: string,
  told: SourceOptions,
  limits: SourceLimits,
): Promise<DetectedSource> {
  if (told.format === 'xlsx') throw new FormatMismatch('xlsx', 'no Excel workbook');
  const { head: bytes, isWhole } = await readHead(openPacked(file, packed, limits), HEAD_BYTES);
  if (bytes.length === 0) throw new FileEmpty();
  if (packed.packing !== 'none') refuseNested(packed.packing, bytes);

  const pieces = packed.packing === 'none' && !isWhole ? await readPieces(file) : [];
  const { encoding, bom, confidence } = detectEncoding([bytes, ...pieces], told.encoding);
  const decoded = decodeText(once(bytes), encoding);
  const { head: text } = await readHead(bom ? withoutBom(decoded) : decoded, Infinity);
  const head = isWhole ? text : withoutCutCharacter(text);
  const format = told.format ?? detectFormat(head, { isWhole, name });
  return { ...packed, format, encoding, bom, encodingConfidence: confidence, head, isWhole };
}

function refuseNested(outer: 'gzip' | 'zip', bytes: Buffer): void {
  const content = sniffContent(bytes);
  if (content.kind === 'text') return;
  const inner = content.kind === 'other' ? content.name : NAMES[content.kind];
  throw new ArchiveNested(outer, inner);
}

const NAMES = {
  gzip: 'another gzip file',
  zip: 'another zip archive or a workbook',
  compound: 'an old Excel workbook',
};

/** The middle and the end of a file. */
async function readPieces(file: SourceFile): Promise<Buffer[]> {
  const starts = [Math.floor(file.size / 2), file.size - PIECE_BYTES];
  const pieces = starts
    .filter((from) => from >= HEAD_BYTES)
    .map((from) => readRange(file, { from, to: Math.min(from + PIECE_BYTES, file.size) }));
  return await Promise.all(pieces);
}

/** In UTF-16 the head may end within a character. */
function withoutCutCharacter(text: Buffer): Buffer {
  return text.at(-1) === UNREADABLE ? text.subarray(0, -1) : text;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
