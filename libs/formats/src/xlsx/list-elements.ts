import { WorkbookDamaged } from './xlsx.errors.js';
import { type XmlAttributes, XmlPart } from './xml-part.js';

/** The elements of a small part in their order, each with the names of those around it. */
export async function listElements(
  part: string,
  bytes: AsyncIterable<Buffer>,
): Promise<XmlElement[]> {
  const elements: XmlElement[] = [];
  const around: string[] = [];
  const xml = new XmlPart(
    part,
    {
      open: (name, attributes) => {
        elements.push({ name, parent: around.at(-1) ?? '', attributes });
        around.push(name);
      },
      close: () => around.pop(),
      text: () => undefined,
    },
    MAX_BYTES,
  );
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new WorkbookDamaged(part, `has more than ${MAX_BYTES} bytes.`);
    xml.push(chunk);
  }
  xml.end();
  return elements;
}

export interface XmlElement {
  name: string;
  parent: string;
  attributes: XmlAttributes;
}

/** Far more than any styles or list of sheets has. */
const MAX_BYTES = 16 * 1024 * 1024;
