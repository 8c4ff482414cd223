import type { SMTPTransportOptions } from 'nodemailer';

/** Where a relay is and how it is spoken to; nothing else of nodemailer's can be set through the URL. */
export type RelayAddress = Pick<
  SMTPTransportOptions,
  'host' | 'port' | 'secure' | 'requireTLS' | 'auth' | 'tls'
>;

/**
 * Reads `smtp://user:password@host:port` or `smtps://…`, with the optional query
 * `requireTLS=true` and `tls.rejectUnauthorized=false`.
 *
 * nodemailer's own reading of the URL would let its query overrule every other option.
 */
export function parseRelayUrl(url: string): RelayAddress {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  const isSecure = protocol === 'smtps:';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (isSecure ? 465 : 587) : Number(port),
    secure: isSecure,
    requireTLS: searchParams.get('requireTLS') === 'true',
    ...(username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...(searchParams.get('tls.rejectUnauthorized') === 'false'
      ? { tls: { rejectUnauthorized: false } }
      : {}),
  };
}
