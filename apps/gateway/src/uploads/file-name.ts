/** What a file without a name is called. */
export const unnamed = 'unnamed';

/**
 * A client's name for a file, fit for showing: the last part of a path, no control characters, at
 * most 255 characters. It is a label and never becomes a path.
 */
export function cleanFileName(given: string | undefined): string {
  const last = (given ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .slice(0, 255)
    .replaceAll(/[\p{Control}\p{Surrogate}]/gu, '')
    .trim();
  return clean === '' || clean === '.' || clean === '..' ? unnamed : clean;
}

/**
 * The file name in a Content-Disposition header (RFC 6266); undefined when it has none.
 *
 * RFC 6266, 4.3: "when both 'filename' and 'filename*' are present […], recipients SHOULD pick
 * 'filename*' and ignore 'filename'".
 */
export function dispositionFileName(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const extended = /;\s*filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)/i.exec(header);
  const decoded = extended && decodeExtended(extended[1] ?? '', extended[2] ?? '');
  if (decoded) return decoded;
  const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1];
  if (quoted !== undefined) return asUtf8(quoted.replaceAll(/\\(.)/g, '$1'));
  const bare = /;\s*filename\s*=\s*([^;\s"]+)/i.exec(header)?.[1];
  return bare === undefined ? undefined : asUtf8(bare);
}

/** RFC 8187, 3.2: percent-encoded octets of the named charset. */
function decodeExtended(charset: string, value: string): string | undefined {
  const octets = Buffer.from(
    value.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    'latin1',
  );
  try {
    return new TextDecoder(charset, { fatal: true }).decode(octets);
  } catch {
    return undefined;
  }
}

/** Node reads header values as Latin-1; many clients send UTF-8 all the same. */
function asUtf8(value: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}
