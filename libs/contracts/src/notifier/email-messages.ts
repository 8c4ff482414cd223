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
