import type { EntityManager } from 'typeorm';
import { Email } from './email.entity.js';

/** An e-mail of any tenant in one sentence, for operators; undefined when there is none. */
export async function viewEmail(
  tx: EntityManager,
  id: string,
): Promise<{ summary: string; href: string } | undefined> {
  const email = await tx.findOneBy(Email, { id });
  if (!email) return undefined;
  const { content, state, reason } = email;
  const recipients = content.to;
  const others = recipients.length > 1 ? ` and ${recipients.length - 1} more` : '';
  const why = reason === null || state === 'sent' ? '' : `: ${reason.replace(/\.$/, '')}`;
  return {
    summary: `The e-mail “${content.subject}” to ${recipients[0]}${others} is ${state}${why}.`,
    href: `/v1/emails/${id}`,
  };
}
