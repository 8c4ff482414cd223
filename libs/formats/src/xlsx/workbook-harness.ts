import { aZip } from '../source/file-harness.js';

export interface WorkbookParts {
  /** What stands in `sheetData`, by the names of the sheets; or a whole part, when it begins with `<?xml`. */
  sheets?: Record<string, string>;
  hidden?: string[];
  /** What stands in each `si`. */
  sharedStrings?: string[];
  /** The codes of formats; style n has the n-th of them, counted from 1. */
  formats?: string[];
  /** Ids of built-in formats, for the styles behind those. */
  builtIn?: number[];
  date1904?: boolean;
  /** Parts to add or to replace. */
  others?: Record<string, string | Buffer>;
}

/** A workbook as Excel writes it, of which every part can be replaced. */
export async function aWorkbook(parts: WorkbookParts = {}): Promise<Buffer> {
  const { sheets = { Sheet1: '' }, hidden = [], sharedStrings = [], others = {} } = parts;
  const names = Object.keys(sheets);
  const sheetList = names.map((name, index) => {
    const state = hidden.includes(name) ? ' state="hidden"' : '';
    return `<sheet name="${name}" sheetId="${index + 1}"${state} r:id="rId${index + 1}"/>`;
  });
  const relations = names.map((_, index) =>
    relation(`rId${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`),
  );
  const sheetParts = Object.values(sheets).map((content, index) => [
    `xl/worksheets/sheet${index + 1}.xml`,
    content.startsWith('<?xml') ? content : sheetPart(content),
  ]);
  const date1904 = parts.date1904 ? ' date1904="1"' : '';
  return await aZip({
    '[Content_Types].xml': `${XML}<Types/>`,
    '_rels/.rels': relationsPart([relation('rId1', 'officeDocument', 'xl/workbook.xml')]),
    'xl/workbook.xml': `${XML}<workbook ${MAIN} ${R}><workbookPr${date1904}/><sheets>${sheetList.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationsPart([
      ...relations,
      relation('rIdS', 'sharedStrings', 'sharedStrings.xml'),
      relation('rIdT', 'styles', '/xl/styles.xml'),
    ]),
    'xl/sharedStrings.xml': `${XML}<sst ${MAIN}>${sharedStrings.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    'xl/styles.xml': stylesPart(parts.formats ?? [], parts.builtIn ?? []),
    ...(Object.fromEntries(sheetParts) as Record<string, string>),
    ...others,
  });
}

export function sheetPart(sheetData: string, before = ''): string {
  return `${XML}<worksheet ${MAIN}>${before}<sheetData>${sheetData}</sheetData></worksheet>`;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const R = `xmlns:r="${OFFICE}"`;

function relation(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
}

function relationsPart(relations: string[]): string {
  const schema = 'http://schemas.openxmlformats.org/package/2006/relationships';
  return `${XML}<Relationships xmlns="${schema}">${relations.join('')}</Relationships>`;
}

function stylesPart(formats: string[], builtIn: number[]): string {
  const codes = formats.map(
    (code, index) =>
      `<numFmt numFmtId="${164 + index}" formatCode="${code.replaceAll('"', '&quot;')}"/>`,
  );
  const ids = [0, ...formats.map((_, index) => 164 + index), ...builtIn];
  const styles = ids.map((id) => `<xf numFmtId="${id}"/>`);
  return `${XML}<styleSheet ${MAIN}><numFmts>${codes.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${styles.join('')}</cellXfs></styleSheet>`;
}
