import { z } from 'zod';

/** Follows everything that concerns one e-mail. */
export const aboutEmail = ({ emailId }: { emailId: string }): string => `email:${emailId}`;

/** `ada@example.org` or `Ada Lovelace <ada@example.org>`, on one line. */
export const MailAddress = z
  .string()
  .max(320)
  .refine((text) => !/[\r\n]/.test(text), 'An address stands on one line.')
  .refine(
    (text) => z.email().safeParse(bareAddress(text)).success,
    'This is not an e-mail address.',
  );

/** The address without the name: `Ada <ada@example.org>` gives `ada@example.org`. */
export function bareAddress(text: string): string {
  return /^[^<>]*<([^<>]+)>$/.exec(text.trim())?.[1]?.trim() ?? text.trim();
}

/** RFC 5322, section 3.6.8: "Printable US-ASCII characters not including ':'"; short enough for one line. */
export const headerNamePattern = /^[!-9;-~]{1,76}$/;

/** Headers that have a field of their own, or that only a mail system may write. */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return reservedHeaders.has(lower) || /^(content|resent|arc)-/.test(lower);
}

const reservedHeaders = new Set([
  'from',
  'sender',
  'to',
  'cc',
  'bcc',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'return-path',
  'received',
  'dkim-signature',
]);
