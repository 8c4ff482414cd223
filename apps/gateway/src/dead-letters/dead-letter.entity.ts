import type { WireProperties } from '@offload/messaging';
import type { DeadLetterState } from '@offload/contracts/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InvalidState } from './dead-letters.errors.js';

export interface LastAction {
  kind: 'replay' | 'discard';
  reason: string | null;
  keyId: string;
  at: string;
}

/** A message that the system has given up on. One row for a message and a queue, however often it fails. */
@Entity('dead_letter')
export class DeadLetterEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  state: DeadLetterState;

  @Column('text', { name: 'message_id', nullable: true })
  messageId: string | null;

  @Column('uuid', { name: 'tenant_id', nullable: true })
  tenantId: string | null;

  @Column('text', { nullable: true })
  queue: string | null;

  @Column('text', { name: 'message_type', nullable: true })
  messageType: string | null;

  @Column('text', { name: 'correlation_id', nullable: true })
  correlationId: string | null;

  @Column('text', { nullable: true })
  subject: string | null;

  @Column('text')
  exchange: string;

  @Column('text', { name: 'routing_key' })
  routingKey: string;

  @Column('jsonb')
  properties: WireProperties;

  /** Fit for publishing again. */
  @Column('jsonb')
  headers: Record<string, unknown>;

  @Column('bytea')
  body: Buffer;

  @Column('text', { name: 'failure_code' })
  failureCode: string;

  @Column('text', { name: 'failure_class' })
  failureClass: string;

  @Column('text', { name: 'failure_message' })
  failureMessage: string;

  @Column('text', { name: 'failure_stack', nullable: true })
  failureStack: string | null;

  @Column('text', { name: 'failure_service', nullable: true })
  failureService: string | null;

  @Column('text', { name: 'failure_host', nullable: true })
  failureHost: string | null;

  @Column('timestamptz', { name: 'first_failed_at' })
  firstFailedAt: Date;

  @Column('timestamptz', { name: 'failed_at' })
  failedAt: Date;

  /** Tries before it was given up the last time. */
  @Column('int')
  attempts: number;

  /** How often it was given up. */
  @Column('int')
  failures: number;

  @Column('int')
  replays: number;

  @Column('jsonb', { name: 'last_action', nullable: true })
  lastAction: LastAction | null;

  /** Put back on its queue. Throws InvalidState unless it is open. */
  replay(reason: string | null, keyId: string, now: Date): void {
    this.close('replayed', { kind: 'replay', reason, keyId, at: now.toISOString() });
    this.replays += 1;
  }

  /** Closed for good. Throws InvalidState unless it is open. */
  discard(reason: string | null, keyId: string, now: Date): void {
    this.close('discarded', { kind: 'discard', reason, keyId, at: now.toISOString() });
  }

  private close(state: 'replayed' | 'discarded', action: LastAction): void {
    if (this.state !== 'open') throw new InvalidState(this.state, action.kind);
    this.state = state;
    this.lastAction = action;
  }
}
