import { crc32, deflateRawSync } from 'node:zlib';

/** A zip archive as other programs write it. */
export function zipOf(files: Record<string, Buffer>, deflates: boolean): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = deflates ? deflateRawSync(content) : content;
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt16LE(0x800, 2);
    fixed.writeUInt16LE(deflates ? 8 : 0, 4);
    fixed.writeUInt32LE(crc32(content), 10);
    fixed.writeUInt32LE(data.length, 14);
    fixed.writeUInt32LE(content.length, 18);
    fixed.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = [Buffer.from('PK\x03\x04'), fixed, Buffer.from(name), data];
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0'), fixed, rest, Buffer.from(name));
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const count = Object.keys(files).length;
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(
    directory.reduce((sum, part) => sum + part.length, 0),
    8,
  );
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06'), end]);
}

type Change = (part: Buffer) => Buffer;
const SAME: Change = (part) => part;

/** A workbook with these texts, shared and inline in turn, of which one part may be changed. */
export function workbookOf(
  texts: string[][],
  change: { sheet?: Change; strings?: Change; styles?: Change; workbook?: Change; zip?: Change },
): Buffer {
  const { sheet = SAME, strings = SAME, styles = SAME, workbook = SAME, zip = SAME } = change;
  const shared = texts.flat();
  let next = 0;
  const rows = texts.map((row, index) => {
    const cells = row.map((text, column) => {
      const place = `${String.fromCharCode(0x41 + column)}${index + 1}`;
      const number = next++;
      return number % 2 === 0
        ? `<c r="${place}" t="s"><v>${number}</v></c>`
        : `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`;
    });
    return `<row r="${index + 1}">${cells.join('')}</row>`;
  });
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relation = (id: number, type: string, target: string) =>
    `<Relationship Id="r${id}" Type="${office}/${type}" Target="${target}"/>`;
  const part = (text: string, by: Change = SAME) => by(Buffer.from(`<?xml version="1.0"?>${text}`));
  return zip(
    zipOf(
      {
        '[Content_Types].xml': part('<Types/>'),
        'xl/workbook.xml': part(
          '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
          workbook,
        ),
        'xl/_rels/workbook.xml.rels': part(
          `<Relationships>${relation(1, 'worksheet', 'a.xml')}${relation(2, 'sharedStrings', 's.xml')}${relation(3, 'styles', 't.xml')}</Relationships>`,
          workbook,
        ),
        'xl/a.xml': part(`<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`, sheet),
        'xl/s.xml': part(
          `<sst>${shared.map((text) => `<si><t>${escape(text)}</t></si>`).join('')}</sst>`,
          strings,
        ),
        'xl/t.xml': part('<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>', styles),
      },
      true,
    ),
  );
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
