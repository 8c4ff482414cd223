import { readBody } from './dead-letter-resource.js';

describe(readBody, () => {
  it.each([
    ['{"a":[1,"]["]}', { a: [1, ']['] }],
    [String.raw`"\"[[["`, '"[[['],
    ['7', 7],
  ])('reads %s as JSON', (text, body) => {
    expect(readBody(Buffer.from(text))).toEqual({ body_encoding: 'json', body });
  });

  it.each([
    ['no JSON', Buffer.from('no')],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['nothing', Buffer.alloc(0)],
    ['too deep to be written again', Buffer.from('['.repeat(50_000) + ']'.repeat(50_000))],
  ])('gives the bytes of a body that is %s', (_, bytes) => {
    expect(readBody(bytes)).toEqual({ body_encoding: 'base64', body: bytes.toString('base64') });
  });
});
