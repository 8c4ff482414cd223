import { parsePreferWait } from './prefer-wait.js';

describe(parsePreferWait, () => {
  it.each([
    ['wait=3', 3],
    ['respond-async, Wait = "2"; x=1', 2],
    ['wait=600', 5],
    ['wait=4, wait=1', 4],
    ['wait=0', undefined],
    ['wait=soon', undefined],
    ['waiting=3', undefined],
    ['return=minimal', undefined],
    [undefined, undefined],
  ])('reads %j as %p', (header, seconds) => {
    expect(parsePreferWait(header)).toBe(seconds);
  });
});
