import { z } from 'zod';

/** Where clamd listens, as `net.connect` takes it. */
export type ClamdAddress = { host: string; port: number } | { path: string };

/** `tcp://host:port` or `unix:///path/to/clamd.ctl`. */
export const ClamdUrl = z
  .string()
  .refine(
    (url) => read(url) !== undefined,
    'Write it as tcp://host:3310 or unix:///run/clamav/clamd.ctl.',
  );

/** The address in a URL that has passed `ClamdUrl`. */
export function clamdAddressOf(url: string): ClamdAddress {
  const address = read(ClamdUrl.parse(url));
  if (!address) throw new TypeError(`${url} is no address of clamd.`);
  return address;
}

function read(url: string): ClamdAddress | undefined {
  const { protocol, hostname = '', port, pathname = '' } = URL.parse(url) ?? {};
  if (protocol === 'unix:' && hostname === '' && pathname.length > 1) {
    return { path: decodeURIComponent(pathname) };
  }
  if (protocol !== 'tcp:' || hostname === '') return undefined;
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || CLAMD_PORT) };
}

const CLAMD_PORT = 3310;
