import { splitList } from './split-list.js';

describe(splitList, () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",-"x,y",-z', ['say "hi"', 'minus x,y', '-z']],
    ['', ['']],
    ['a,,"",', ['a', '', '', '']],
    ['a"b,c', ['a"b', 'c']],
  ])('splits %j', (text, expected) => {
    expect(splitList(text)?.map((part) => (part.hasMinus ? 'minus ' : '') + part.text)).toEqual(
      expected,
    );
  });

  it.each(['"a', '"a"b', 'a,"b""'])('cannot read %j', (text) => {
    expect(splitList(text)).toBeUndefined();
  });
});
