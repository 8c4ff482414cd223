import { preferredWait } from './prefer-wait.js';

describe(preferredWait, () => {
  it.each([
    ['wait=3', 3],
    ['respond-async, WAIT = "2"', 2],
    ['wait=1; x=y, wait=4', 1],
    ['wait=3600', 5],
    ['wait', 0],
    ['wait=-1', 0],
    ['waiting=3', 0],
    [undefined, 0],
  ])('takes %j for %d seconds', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });
});
