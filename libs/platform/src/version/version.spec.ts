import { version } from './version.js';

describe('version', () => {
  it('is found', () => {
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });
});
