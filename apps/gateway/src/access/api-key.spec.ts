import { hashApiKey, isWellFormedApiKey, newApiKey, prefixOf } from './api-key.js';

describe('an API key', () => {
  it('carries a checksum that it fits', () => {
    const key = newApiKey();

    expect(key).toMatch(/^off_live_[0-9A-Za-z]{22}_[0-9a-f]{6}$/);
    expect(isWellFormedApiKey(key)).toBe(true);
  });

  it.each([
    ['with a letter changed', 'off_live_0123456789abcdefghijkL_1e6a42'],
    ['with two letters swapped', 'off_live_1023456789abcdefghijkl_1e6a42'],
    ['cut off', 'off_live_0123456789abcdefghijkl_1e6a4'],
    ['with something after it', 'off_live_0123456789abcdefghijkl_1e6a42 '],
  ])('is refused %s', (_, key) => {
    expect(isWellFormedApiKey('off_live_0123456789abcdefghijkl_1e6a42')).toBe(true);
    expect(isWellFormedApiKey(key)).toBe(false);
  });

  it('is never the same twice', () => {
    const keys = new Set(Array.from({ length: 100 }, newApiKey));

    expect(keys.size).toBe(100);
  });

  it('is kept as a hash and recognised by its beginning', () => {
    const key = newApiKey();

    expect(hashApiKey(key)).toHaveLength(32);
    expect(prefixOf(key)).toHaveLength(13);
  });
});
