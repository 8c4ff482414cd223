/** A mail as it arrived. */
export interface CaughtMail {
  recipients: string[];
  isTaken: boolean;
  messageId: string | undefined;
  subject: string | undefined;
  /** The plain text, decoded. */
  text: string;
}

/** Reads as much of an Internet message as tests ask for: a plain text, or one in a multipart. */
export function readMail(
  raw: string,
  arrival: Pick<CaughtMail, 'recipients' | 'isTaken'>,
): CaughtMail {
  const { head, body } = split(raw);
  return {
    ...arrival,
    messageId: headerOf(head, 'message-id'),
    subject: headerOf(head, 'subject'),
    text: plainText(head, body),
  };
}

function plainText(head: string, body: string): string {
  const boundary = /boundary="?([^";]+)"?/i.exec(headerOf(head, 'content-type') ?? '')?.[1];
  if (boundary === undefined) return decode(head, body);
  const part = body
    .split(`--${boundary}`)
    .map((each) => split(each.trimStart()))
    .find((each) => /^text\/plain/i.test(headerOf(each.head, 'content-type') ?? ''));
  return part ? decode(part.head, part.body) : '';
}

function split(raw: string): { head: string; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const head = end < 0 ? raw : raw.slice(0, end);
  return { head: head.replace(/\r\n[ \t]+/g, ' '), body: end < 0 ? '' : raw.slice(end + 4) };
}

function headerOf(head: string, name: string): string | undefined {
  const start = `${name}: `;
  const line = head.split('\r\n').find((each) => each.toLowerCase().startsWith(start));
  return line?.slice(start.length);
}

/** RFC 2045, section 6: the two encodings that change a text. */
function decode(head: string, body: string): string {
  const encoding = headerOf(head, 'content-transfer-encoding')?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
