import { detectLayout } from './detect-layout.js';
import { splitText } from './split-text.js';

describe(detectLayout.name, () => {
  it.each<[why: string, text: string, header: boolean]>([
    ['names over numbers', 'id,name\n1,Ada\n2,Bob\n', true],
    ['names over dates in any order', 'name,born\nAda,31.12.1990\n', true],
    ['numbers over numbers', '1,Ada\n2,Bob\n', false],
    ['only numbers', '1,2\n3,4\n', false],
    ['years over numbers', 'country,2019,2020\nDE,1,2\nFR,3,4\n', true],
    ['years alone over numbers', '2019,2020,2021\n1,2,3\n5,6,7\n', true],
    ['names over texts', 'name,city\nAda,London\nBob,Paris\n', true],
    ['texts that occur again', 'Ada,London\nBob,London\nAda,Paris\n', false],
    ['an address over addresses', 'a@x.example,Ada\nb@x.example,Bob\n', false],
    ['the same name twice', 'name,name\nAda,Bob\n', true],
    ['one record of names', 'a,b\n', true],
    ['one record of values', '1,2026-01-31\n', false],
    ['a first row without one of its numbers', 'name,n/a,x\n1,2,3\n2,3,4\n', true],
    ['numbers in many ways', '1.234,5;12 %;€ 5\n2,5;3 %;€ 7\n', false],
  ])('tells header or data by %s: %j', (_, text, header) => {
    expect(layoutOf(text).header).toBe(header);
  });

  it.each<[why: string, text: string, skip: number, preamble: number]>([
    ['title lines', 'Report\nof 2026\nid,name,n\n1,Ada,5\n2,Bob,6\n', 2, 2],
    ['title lines and blank lines', '\nReport\n\n\nid,name,n\n1,Ada,5\n', 4, 1],
    ['title lines that were filled up', 'Report,,,\n,,,\nid,name,n,m\n1,Ada,5,6\n', 2, 2],
    ['title lines of some fields', 'from,x\nto,y\nid,name,n\n1,Ada,5\n2,Bob,6\n3,Eve,7\n', 2, 2],
    ['a title line with a line break', '"Re\nport"\nid,name,n\n1,Ada,5\n', 2, 1],
    ['a title above data without a header', 'Report\n1,Ada,5\n2,Bob,6\n', 1, 1],
    [
      'more title lines than rows',
      'Account;DE1;\n\nFrom;1.1.2026;\nTo;31.1.2026;\nSum;1,5;\n\na;b;c;d;e;f\n1;x;y;z;2;3\n2;x;y;z;2;3\n',
      6,
      4,
    ],
    ['the hint for Excel', 'sep=,\nid,name\n1,Ada\n', 1, 1],
    ['blank lines only', '\n\nid,name\n1,Ada\n', 0, 0],
    ['a header that is too short', 'a,b\n1,2,3\n4,5,6\n', 0, 0],
    ['a header without most names', 'a,,,\n1,2,3,4\n5,6,7,8\n', 0, 0],
    ['one column', 'name\nAda\nBob\n', 0, 0],
    ['ragged rows', 'a,b,c\n1,2\n3\n4,5,6\n7,8,9\n', 0, 0],
    ['a title and nothing else', 'Report\nid,name,n\n', 0, 0],
  ])('leaves out %s: %j', (_, text, skip, preamble) => {
    expect(layoutOf(text)).toMatchObject({ skip, preamble });
  });

  it.each<[footer: number, text: string]>([
    [1, 'id,name,n\n1,Ada,5\n2,Bob,6\n3,Eve,7\nTotal,,18\n'],
    [1, 'n,name\n5,Ada\n6,Bob\n7,Eve\nSumme:,3\n'],
    [2, 'id,name,n\n1,Ada,5\n2,Bob,6\n3,Eve,7\nTotal,3,18\n(3 rows)\n'],
    [0, 'id,name,n\n1,Ada,5\n2,Bob,6\n3,Eve,7\n'],
    [0, 'id,name\n1,Total Recall\n2,x\n3,y\n4,z\n'],
    [0, 'id,name,n\n1,Ada\n2,Bob\n3,Eve\n4,Kim,5\n'],
    [0, 'a,b\n1,\n2,\n3,4\n5,6\n7,\n'],
  ])('sees %s records at the end that may be no data: %j', (footer, text) => {
    expect(layoutOf(text).footer).toBe(footer);
    expect(layoutOf(text, {}, { isWhole: false }).footer).toBe(0);
  });

  it('believes what it is told', () => {
    const text = 'Report\nx\nid,name\n1,Ada\n';

    expect(layoutOf(text, { skip: 1 })).toMatchObject({ skip: 1, preamble: 1 });
    expect(layoutOf(text, { header: false })).toMatchObject({
      header: false,
      confidence: 1,
      skip: 2,
    });
    expect(layoutOf(text, { skip: 99 })).toMatchObject({ skip: 99, preamble: 4 });
  });
});

function layoutOf(
  text: string,
  told: { header?: boolean; skip?: number } = {},
  whole = { isWhole: true },
) {
  const delimiter = text.includes(';') ? ';' : ',';
  const style = { delimiter, quote: '"', escape: null, newline: '\n' as const };
  return detectLayout(splitText(text, style, { isWhole: true }).records, told, whole);
}
