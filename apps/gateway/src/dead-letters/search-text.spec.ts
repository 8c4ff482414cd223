import { searchText } from './search-text.js';

describe(searchText, () => {
  it('is all there is in lower case, a line for each', () => {
    const text = searchText({ texts: ['ID-1', null, 'Über'], body: Buffer.from('{"To":"ADA"}') });

    expect(text).toBe('id-1\nüber\n{"to":"ada"}');
  });

  it('leaves a body out that is not text', () => {
    expect(searchText({ texts: ['a'], body: Buffer.from([0xff, 0xfe, 0]) })).toBe('a\n');
  });

  it('is bounded, cuts characters cleanly and takes what no column takes out', () => {
    const body = Buffer.from(`x${'é'.repeat(20_000)}`);
    const text = searchText({ texts: ['\0', '😀'.repeat(10_000)], body });

    expect(text.length).toBeGreaterThan(10 * 1024);
    expect(text.length).toBeLessThanOrEqual(16 * 1024);
    expect(text.isWellFormed()).toBe(true);
    expect(text).not.toContain('\0');
    expect(text).toContain('xéé');
  });
});
