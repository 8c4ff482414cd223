import type { Entry } from 'yauzl';
import type { InflateMeter } from '../packing/inflate-meter.js';
import { ZipArchive } from '../packing/zip-archive.js';
import type { SourceSheet } from '../source/detected-source.js';
import type { SourceFile } from '../source/source-file.js';
import type { SourceLimits } from '../source/source-limits.js';
import { listElements, type XmlElement } from './list-elements.js';
import { kindOfFormat, type NumberKind } from './number-format.js';
import { SheetUnknown, WorkbookDamaged } from './xlsx.errors.js';

/** A workbook whose parts are read where the file lies, one at a time. */
export class Workbook {
  private constructor(
    private readonly archive: ZipArchive,
    private readonly parts: ReadonlyMap<string, Entry>,
    private readonly meter: InflateMeter,
    /** In the order of the workbook, hidden ones too; charts are left out. */
    readonly sheets: readonly WorkbookSheet[],
    private readonly related: Related,
    readonly is1904: boolean,
  ) {}

  /** Reads the list of sheets. Throws WorkbookDamaged, and what reading a zip archive throws. */
  static async open(
    file: SourceFile,
    meter: InflateMeter,
    limits: Pick<SourceLimits, 'maxEntries'>,
  ): Promise<Workbook> {
    const archive = await ZipArchive.open(file, limits);
    const parts = new Map(archive.entries.map((entry) => [keyOf(entry.fileName), entry]));
    const list = async (name: string): Promise<XmlElement[]> => {
      const entry = parts.get(keyOf(name));
      if (entry === undefined) return [];
      return await listElements(name, archive.read(entry, meter));
    };

    const roots = await list('_rels/.rels');
    const main = roots.find(({ attributes }) => attributes.Type?.endsWith('/officeDocument'));
    const name = resolve('', main?.attributes.Target ?? 'xl/workbook.xml');
    const elements = await list(name);
    if (elements.length === 0) throw new WorkbookDamaged(name, 'is missing.');
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    const relations = await list(`${folder}_rels/${name.slice(folder.length)}.rels`);
    const related = new Related(folder, relations);
    const sheets = elements.flatMap((element) => sheetOf(element, related));
    if (sheets.length === 0) throw new WorkbookDamaged(name, 'has no sheets.');
    return new Workbook(archive, parts, meter, sheets, related, countsFrom1904(elements));
  }

  /** The sheet that is meant: by its name, its place counted from 1, or the first that is not hidden. */
  sheet(wanted: string | number | undefined): WorkbookSheet {
    const { sheets } = this;
    const found =
      wanted === undefined
        ? (sheets.find(({ isHidden }) => !isHidden) ?? sheets[0])
        : typeof wanted === 'number'
          ? sheets[wanted - 1]
          : (sheets.find(({ name }) => name === wanted) ??
            sheets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()));
    if (found) return found;
    throw new SheetUnknown(
      wanted ?? 1,
      sheets.map(({ name }) => name),
    );
  }

  readSheet({ part }: WorkbookSheet): AsyncGenerator<Buffer> {
    const entry = this.parts.get(keyOf(part));
    if (entry === undefined) throw new WorkbookDamaged(part, 'is missing.');
    return this.archive.read(entry, this.meter);
  }

  /** The table of texts that cells share; a workbook without any has none. */
  readSharedStrings(): { part: string; bytes: AsyncGenerator<Buffer> } | undefined {
    const part = this.related.byType('/sharedStrings');
    const entry = part === undefined ? undefined : this.parts.get(keyOf(part));
    if (part === undefined || entry === undefined) return undefined;
    return { part, bytes: this.archive.read(entry, this.meter) };
  }

  /** For each style of cells, what a number in it is. */
  async readStyles(): Promise<NumberKind[]> {
    const part = this.related.byType('/styles');
    const entry = part === undefined ? undefined : this.parts.get(keyOf(part));
    if (part === undefined || entry === undefined) return [];
    const elements = await listElements(part, this.archive.read(entry, this.meter));
    const codes = new Map<number, string>();
    for (const { name, attributes } of elements) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
    }
    return elements
      .filter(({ name, parent }) => name === 'xf' && parent === 'cellXfs')
      .map(({ attributes }) => {
        const id = Number(attributes.numFmtId ?? 0);
        return kindOfFormat(id, codes.get(id));
      });
  }
}

export interface WorkbookSheet extends SourceSheet {
  part: string;
}

/** What the workbook says of its other parts. */
class Related {
  constructor(
    private readonly folder: string,
    private readonly elements: readonly XmlElement[],
  ) {}

  byType(ending: string): string | undefined {
    return this.target(({ Type }) => Type?.endsWith(ending) === true);
  }

  byId(id: string | undefined): { part: string; isSheet: boolean } | undefined {
    const part = this.target(({ Id }) => Id === id);
    const element = this.elements.find(({ attributes }) => attributes.Id === id);
    if (part === undefined) return undefined;
    return { part, isSheet: element?.attributes.Type?.endsWith('/worksheet') === true };
  }

  private target(fits: (attributes: XmlElement['attributes']) => boolean): string | undefined {
    const found = this.elements.find(({ attributes }) => fits(attributes));
    const target = found?.attributes.Target;
    return target === undefined ? undefined : resolve(this.folder, target);
  }
}

function sheetOf({ name, parent, attributes }: XmlElement, related: Related): WorkbookSheet[] {
  if (name !== 'sheet' || parent !== 'sheets') return [];
  const key = Object.keys(attributes).find((each) => each.endsWith(':id')) ?? 'id';
  const target = related.byId(attributes[key]);
  if (!target?.isSheet) return [];
  const isHidden = attributes.state === 'hidden' || attributes.state === 'veryHidden';
  return [{ name: attributes.name ?? '', isHidden, part: target.part }];
}

function countsFrom1904(elements: readonly XmlElement[]): boolean {
  const properties = elements.find(({ name }) => name === 'workbookPr');
  return ['1', 'true', 'on'].includes(properties?.attributes.date1904 ?? '');
}

/** Where a target lies, seen from a folder; a name in the archive and never a path. */
function resolve(folder: string, target: string): string {
  const parts: string[] = [];
  for (const part of (target.startsWith('/') ? target : folder + target).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Names of parts are compared without case. */
function keyOf(name: string): string {
  return name.toLowerCase();
}
