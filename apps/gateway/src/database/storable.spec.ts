import { storableJson, storableText } from './storable.js';

describe(storableText, () => {
  it('replaces what no column takes and nothing else', () => {
    expect(storableText('a\0b\ud800c\udc00')).toBe('a�b�c�');
    expect(storableText('naïve 👍 \n')).toBe('naïve 👍 \n');
  });
});

describe(storableJson, () => {
  it('reaches keys and values at any depth', () => {
    expect(storableJson({ 'a\0': [{ b: 'c\0' }] })).toEqual({ 'a�': [{ b: 'c�' }] });
  });

  it('tells what JSON cannot hold in the nearest form', () => {
    const value = {
      big: 2n ** 60n,
      at: new Date(0),
      never: new Date(Number.NaN),
      bytes: Buffer.from('hi'),
      nothing: undefined,
    };

    expect(storableJson(value)).toEqual({
      big: '1152921504606846976',
      at: '1970-01-01T00:00:00.000Z',
      never: null,
      bytes: 'aGk=',
      nothing: null,
    });
  });

  it('cuts what is nested deeper than anything stores', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 50_000; level += 1) deep = { deep };

    expect(JSON.stringify(storableJson(deep))).toMatch(/^({"deep":){100}null}{100}$/);
  });
});
