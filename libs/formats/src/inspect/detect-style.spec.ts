import { detectStyle } from './detect-style.js';

const people = (delimiter: string) =>
  ['id', 'name', 'born'].join(delimiter) +
  Array.from(
    { length: 9 },
    (_, n) => `\n${[n, `Name ${n}`, `199${n}-01-31`].join(delimiter)}`,
  ).join('');

describe(detectStyle.name, () => {
  it.each([',', ';', '\t', '|', '^', '~', '\x01'])('finds %j between fields', (delimiter) => {
    expect(detect(people(delimiter))).toMatchObject({ delimiter, quote: '"', escape: null });
  });

  it.each<[why: string, delimiter: string, text: string]>([
    ['decimal commas', ';', 'Ada;1,5\nBob;2,5\nEve;3,25\n'],
    [
      'decimal commas under title lines',
      ';',
      'Report, 2026\nof all\nname;price;x\nAda;1,5;0,1\nBob;2,5;3,4\n',
    ],
    ['tags with another separator', ',', `id,tags\n${'1,a;b;c\n'.repeat(100)}`],
    ['prose with commas', ';', 'id;note\n1;hello, world\n2;a, b, and c\n'],
    ['a hint that Excel writes', '|', 'sep=|\na,b|c\n1,2|3\n'],
    ['accounts of a computer', ':', 'root:x:0:/root\ndaemon:x:1:/sbin\nbin:x:2:/bin\n'],
    [
      'a log with spaces',
      ' ',
      'ada 1 2.5\nbob 2 3.5\neve 3 4.5\nkim 4 5.5\nlea 5 6.5\nmia 6 7.5\n',
    ],
    ['one column of times', ',', 'at\n10:00:00\n11:30:00\n12:45:10\n'],
    ['one column of times without a name', ',', '10:00:00\n11:30:00\n12:45:10\n13:00:00\n'],
    ['one column of addresses', ',', 'https://a.example\nhttps://b.example\nhttps://c.example\n'],
    [
      'one column of names',
      ',',
      'Ada Lovelace\nGrace Hopper\nAlan Turing\nEdsger Dijkstra\nBarbara Liskov\nTony Hoare\n',
    ],
    ['nothing', ',', ''],
  ])('is not misled by %s: %j', (_, delimiter, text) => {
    expect(detect(text).delimiter).toBe(delimiter);
  });

  it.each<[quote: string | null, escape: string | null, text: string]>([
    ["'", null, `id,name\n1,'Lovelace, Ada'\n2,'O''Neill, Eve'\n3,'x'\n`],
    ["'", null, `id,name,note\n1,'O''Neill','a, b'\n2,"Ada",''\n3,,'line\nbreak'\n4,'x',\n`],
    ['"', null, `id,name\n1,'t Hooft\n2,'s Gravenhage\n`],
    ['"', null, `id,name\n1,"it's"\n2,'quoted'\n3,'too'\n`],
    [null, null, 'id\tname\tn\n1\t"Weird Al\t5\n2\tEve "x"\t6\n3\tBob\t7\n4\t"Big\t8\n5\tKim\t9\n'],
    ['"', '\\', 'id,text\n1,"say \\"hi\\", please"\n2,"and \\"bye\\""\n'],
    ['"', null, 'id,path\n1,"C:\\dir\\"\n2,"C:\\other\\"\n'],
    ['"', null, 'id,text\n1,"say ""hi"", please"\n'],
  ])('finds the quote %j with the escape %j', (quote, escape, text) => {
    expect(detect(text)).toMatchObject({ quote, escape });
  });

  it.each([
    [{ delimiter: ';' }, { delimiter: ';', quote: '"' }],
    [{ quote: null }, { delimiter: ',', quote: null }],
    [
      { quote: "'", escape: '\\' },
      { quote: "'", escape: '\\' },
    ],
    [{ escape: '"' }, { escape: null }],
    [{ newline: 'cr' as const }, { newline: 'cr' }],
  ])('believes %j and looks for the rest', (told, found) => {
    expect(detectStyle('a,b\n1,2\n', told, { isWhole: true })).toMatchObject(found);
  });

  it.each([
    [',', 'a,b\n1,2\n'],
    [';', 'a;b;c\n1,5;2,5;3,5\n'],
    ['\t', 'a\tb\n1,1\t2\n'],
    ['|', 'a|b\n"x,y"|2\n'],
    [',', 'name\nAda\nGrace\n'],
    [',', 'id,a;b;c\n1,x\n2,y;z\n'],
    [';', 'id;text\n1;"a,b\nc,d"\n2;e\n'],
    [',', `a,b,c\n${'1,2,3\n'.repeat(9)}1,2\n`],
  ])('finds the delimiter %j in a few rows: %j', (delimiter, text) => {
    expect(detectStyle(text, { quote: '"', escape: null }, { isWhole: true }).delimiter).toBe(
      delimiter,
    );
  });

  it.each([
    ['lf', 'a,b\n1,2\n'],
    ['crlf', 'a,b\r\n1,2\r\n'],
    ['cr', 'a,b\r1,2\r'],
    ['crlf', 'a,b\r\n1,"x\ny\nz"\r\n'],
    ['lf', 'a,b\n1,"x\r\ny\r\nz"\n'],
    ['cr', 'a,b\r1,"x\ny\nz"\r'],
    ['lf', 'a,b'],
  ])('finds that records end with %s: %j', (newline, text) => {
    expect(detectStyle(text, { quote: '"', escape: null }, { isWhole: true }).newline).toBe(
      newline,
    );
  });

  it('is surer of a regular file than of a ragged or a doubtful one', () => {
    const sure = detect(people(';')).confidence;
    const ragged = detect(`${people(';')}\n1;2\n3;4\n`).confidence;
    const doubtful = detect('a,b;c\n1,2;3\n4,5;6\n').confidence;

    expect(sure).toBeGreaterThan(0.95);
    expect(ragged).toBeLessThan(sure);
    expect(doubtful).toBeLessThan(0.8);
  });

  it('stays quick on what no format explains', () => {
    const soup = '"a,;|\t \'1 2,3"" \\" '.repeat(50_000);

    expect(detect(soup).confidence).toBeLessThan(0.5);
  });
});

const detect = (text: string) => detectStyle(text, {}, { isWhole: true });
