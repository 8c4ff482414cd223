import { type Outgoing, SendEmail } from '@offload/contracts';
import { v5 } from 'uuid';
import type { MailText } from './mail-text.js';

/**
 * The e-mail that tells somebody how an import ended.
 *
 * Its id follows from the end, so that the same end, told twice, is one e-mail, and the end of a retry or
 * of corrected rows is another one. `Auto-Submitted` (RFC 3834, section 5) keeps holiday notices from answering it.
 */
export function importMail(
  end: {
    importId: string;
    sequence: number;
    kind: 'completed' | 'failed' | 'canceled';
    email: string;
  },
  words: MailText,
): Outgoing {
  return SendEmail({
    emailId: v5(`import ${end.kind} ${end.importId} ${end.sequence}`, namespace),
    to: [end.email],
    ...words,
    headers: { 'Auto-Submitted': 'auto-generated' },
  });
}

const namespace = '0b7d4f6e-5a44-4f0c-9a55-3d2f4c0a7e21';
