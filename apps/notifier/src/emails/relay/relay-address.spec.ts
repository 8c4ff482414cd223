import { parseRelayUrl } from './relay-address.js';

describe(parseRelayUrl.name, () => {
  it('reads host, port and credentials', () => {
    expect(parseRelayUrl('smtp://ada%40example.test:p%3Ass@mail.example.test:2525')).toEqual({
      host: 'mail.example.test',
      port: 2525,
      secure: false,
      requireTLS: false,
      auth: { user: 'ada@example.test', pass: 'p:ss' },
    });
  });

  it.each([
    ['smtp://mail.example.test', { port: 587, secure: false }],
    ['smtps://mail.example.test', { port: 465, secure: true }],
    ['smtp://[::1]:1025', { host: '::1', port: 1025 }],
    ['smtp://mail.example.test?requireTLS=true', { requireTLS: true }],
    [
      'smtps://mail.example.test?tls.rejectUnauthorized=false',
      { tls: { rejectUnauthorized: false } },
    ],
  ])('reads %s', (url, expected) => {
    expect(parseRelayUrl(url)).toMatchObject(expected);
  });

  it('lets the URL overrule nothing else', () => {
    expect(
      parseRelayUrl('smtp://mail.example.test?disableFileAccess=false&socketTimeout=0'),
    ).toEqual({
      host: 'mail.example.test',
      port: 587,
      secure: false,
      requireTLS: false,
    });
  });
});
