import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What stays the same over all attempts to send one e-mail.
 *
 * SMTP has no idempotency: a relay that is given the same e-mail twice sends it twice. The fixed
 * Message-ID lets the receiver's mailbox recognise the second copy. How far the e-mail has come is
 * told by its attempts alone.
 */
@Entity('email')
export class Email {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId: string;

  @Column({ name: 'message_id_header', type: 'text' })
  messageIdHeader: string;

  @Column({ name: 'dated_at', type: 'timestamptz' })
  datedAt: Date;
}
