/**
 * The header Content-Disposition by which a file is saved under its name, and never shown in place.
 *
 * RFC 6266, appendix D: "Include a 'filename' parameter when US-ASCII is sufficiently expressive", and
 * beside it a `filename*` (RFC 8187) "whenever the desired filename cannot be expressed".
 */
export function attachment(fileName: string): string {
  const isPlain = /^[\w .()+,@~!#$&'^`{}=-]+$/.test(fileName);
  if (isPlain) return `attachment; filename="${fileName}"`;
  const fallback = fileName.replaceAll(/[^\w .()+,@~!#$&'^`{}=-]/gu, '_');
  return `attachment; filename="${fallback}"; filename*=UTF-8''${percentEncoded(fileName)}`;
}

/** RFC 8187, 3.2.1: `attr-char` stands for itself, every other octet is percent-encoded. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
