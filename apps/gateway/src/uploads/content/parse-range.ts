/** Bytes of a file from `from` up to, not including, `to`. */
export interface ByteRange {
  from: number;
  to: number;
}

/**
 * What of a file a request wants: the range, `all` of it, or `none` when nothing of the range is there.
 *
 * Anything but one well-formed range of bytes asks for all. RFC 9110, 14.2: "A server MAY ignore the Range
 * header field", and "an origin server MUST ignore a Range header field that contains a range unit it does
 * not understand".
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'all' | 'none' {
  const found = /^bytes=\s*(\d{0,16})\s*-\s*(\d{0,16})\s*$/i.exec(header ?? '');
  const [, first = '', last = ''] = found ?? [];
  if (!found || (first === '' && last === '')) return 'all';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'none' : { from: size - length, to: size };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return 'all';
  const to = last === '' ? size : Math.min(Number(last) + 1, size);
  return from < size ? { from, to } : 'none';
}
