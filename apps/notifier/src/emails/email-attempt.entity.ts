import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How an attempt ended. `in_doubt`: the relay had the whole message, and its answer is not known. */
export type AttemptOutcome = 'sent' | 'deferred' | 'refused' | 'in_doubt';

/**
 * One conversation with a relay about one e-mail.
 *
 * It is stored before the first byte goes out. One that is never finished says that the process
 * died in between.
 */
@Entity('email_attempt')
export class EmailAttempt {
  @PrimaryColumn({ name: 'email_id', type: 'uuid' })
  emailId: string;

  /** Counted from 1 over the whole life of the e-mail, replays included. */
  @PrimaryColumn({ type: 'int' })
  number: number;

  /** How often an operator had replayed the message when this attempt was made. */
  @Column({ type: 'int' })
  replays: number;

  @Column({ type: 'text' })
  relay: string;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt: Date;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  outcome: AttemptOutcome | null;

  /** The relay's words, or ours when it said nothing. */
  @Column({ type: 'text', nullable: true })
  reply: string | null;

  /** Recipients the relay took the e-mail for; a later attempt leaves them out. */
  @Column({ type: 'text', array: true })
  accepted: string[];

  /** Recipients the relay refused for good. */
  @Column({ type: 'text', array: true })
  refused: string[];

  /** Throws when it has ended before: what is known of an attempt is not overwritten. */
  finish(end: AttemptEnd, at: Date): void {
    if (this.outcome) throw new Error(`Attempt ${this.number} has ended: ${this.outcome}.`);
    this.outcome = end.outcome;
    this.reply = end.reply;
    this.accepted = end.accepted;
    this.refused = end.refused;
    this.finishedAt = at;
  }
}

export interface AttemptEnd {
  outcome: AttemptOutcome;
  reply: string;
  accepted: string[];
  refused: string[];
}
