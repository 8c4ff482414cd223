import { type Outgoing, SendEmail } from '@offload/contracts';
import { v5 } from 'uuid';
import type { MailText } from './compose-import-mail.js';

/**
 * The e-mail that tells somebody how an import ended.
 *
 * Its id follows from the import and the kind of end, so that the same end, told twice, is one
 * e-mail. `Auto-Submitted` (RFC 3834, section 5) keeps holiday notices from answering it.
 */
export function importMail(
  end: { importId: string; kind: 'completed' | 'failed'; email: string },
  words: MailText,
): Outgoing {
  return SendEmail({
    emailId: v5(`import ${end.kind} ${end.importId}`, namespace),
    to: [end.email],
    ...words,
    headers: { 'Auto-Submitted': 'auto-generated' },
  });
}

const namespace = '0b7d4f6e-5a44-4f0c-9a55-3d2f4c0a7e21';
