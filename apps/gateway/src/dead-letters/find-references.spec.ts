import { findReferences } from './find-references.js';

const id = '0198d0e4-0000-7000-8000-00000000000a';

describe(findReferences, () => {
  it('finds our ids and stored files, wherever they stand', () => {
    const body = {
      importId: id.toUpperCase(),
      file: { key: `tenant/${id}`, sha256: 'x', importId: id },
      parts: [{ 'a/b~': { emailId: id } }],
    };

    expect(findReferences(body)).toEqual([
      { pointer: '/importId', kind: 'import', id },
      { pointer: '/file', kind: 'file', id: `tenant/${id}` },
      { pointer: '/parts/0/a~1b~0/emailId', kind: 'email', id },
    ]);
  });

  it.each([
    null,
    7,
    'importId',
    { importId: 'no id' },
    { importId: 7 },
    { importId: { a: 1 } },
    [],
  ])('finds none in %j', (body) => {
    expect(findReferences(body)).toEqual([]);
  });

  it('tells a few of very many, and does not look at everything', () => {
    const many = Array.from({ length: 50 }, () => ({ importId: id }));
    const far = [Array.from({ length: 100_000 }, () => 0), { importId: id }];

    expect(findReferences(many)).toHaveLength(20);
    expect(findReferences(far)).toHaveLength(1);
  });
});
