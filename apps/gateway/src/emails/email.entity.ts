import type { EmailDeferred, EmailFailed, EmailSent } from '@offload/contracts';
import type {
  CreateEmailRequest,
  EmailResource,
  EmailState,
  WorkHold,
} from '@offload/contracts/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { storableJson, storableText } from '../database/storable.js';

/**
 * What the gateway knows of an e-mail, from the reports of the notifier.
 *
 * Reports may come late and in any order: what happened before the last thing that was taken over
 * changes nothing, and what was sent stays sent. A failed one may go on, when an operator replays it.
 */
@Entity('email')
export class Email {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** The request, as it was accepted. */
  @Column('jsonb')
  content: CreateEmailRequest;

  @Column('text')
  state: EmailState;

  @Column('int')
  attempts: number;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('text', { nullable: true })
  response: string | null;

  @Column('jsonb')
  refused: string[];

  @Column('text', { name: 'message_id_header', nullable: true })
  messageIdHeader: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'reported_at', nullable: true })
  reportedAt: Date | null;

  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt: Date | null;

  @Column('timestamptz', { name: 'failed_at', nullable: true })
  failedAt: Date | null;

  get hasEnded(): boolean {
    return this.state === 'sent' || this.state === 'failed';
  }

  send({ attempt, messageIdHeader, response, refused, sentAt }: EmailSent): boolean {
    if (this.state === 'sent') return false;
    this.state = 'sent';
    this.attempts = Math.max(this.attempts, attempt);
    this.reason = null;
    this.response = storableText(response);
    this.refused = storableJson(refused) as string[];
    this.messageIdHeader = storableText(messageIdHeader);
    this.sentAt = new Date(sentAt);
    this.failedAt = null;
    this.reportedAt = this.sentAt;
    return true;
  }

  defer({ attempt, reason, deferredAt }: EmailDeferred): boolean {
    if (!this.isNews(new Date(deferredAt))) return false;
    this.state = 'deferred';
    this.attempts = Math.max(this.attempts, attempt);
    this.reason = storableText(reason);
    this.failedAt = null;
    this.reportedAt = new Date(deferredAt);
    return true;
  }

  fail({ attempt, reason, failedAt }: Omit<EmailFailed, 'emailId'>): boolean {
    if (!this.isNews(new Date(failedAt))) return false;
    this.state = 'failed';
    this.attempts = Math.max(this.attempts, attempt);
    this.reason = storableText(reason);
    this.failedAt = new Date(failedAt);
    this.reportedAt = this.failedAt;
    return true;
  }

  /** The clock is the notifier's; the attempts of one e-mail are seconds apart. */
  private isNews(at: Date): boolean {
    return this.state !== 'sent' && (this.reportedAt === null || at > this.reportedAt);
  }
}

/**
 * What people see of an e-mail. `hold` is what holds e-mails up at this moment, if anything does; an
 * event about an e-mail tells that it has moved, and has none.
 */
export function emailResource(email: Email, hold: WorkHold | null = null): EmailResource {
  const { content } = email;
  return {
    id: email.id,
    object: 'email',
    state: email.state,
    from: content.from ?? null,
    to: content.to,
    cc: content.cc ?? [],
    bcc: content.bcc ?? [],
    reply_to: content.reply_to ?? [],
    subject: content.subject,
    html: content.html ?? null,
    text: content.text ?? null,
    headers: content.headers ?? {},
    tags: content.tags ?? [],
    attempts: email.attempts,
    reason: email.reason,
    hold: email.hasEnded ? null : hold,
    response: email.response,
    refused: email.refused,
    message_id: email.messageIdHeader,
    created_at: email.createdAt.toISOString(),
    sent_at: email.sentAt?.toISOString() ?? null,
    failed_at: email.failedAt?.toISOString() ?? null,
    links: { self: `/v1/emails/${email.id}`, events: `/v1/events?topics=email:${email.id}` },
  };
}
