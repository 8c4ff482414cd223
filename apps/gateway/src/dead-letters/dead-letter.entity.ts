import type { DeadLetterAction, DeadLetterState } from '@offload/contracts/http';
import type { WireProperties } from '@offload/messaging';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was done to a dead letter last; kept as JSON in this form. */
export interface LastAction {
  kind: DeadLetterAction;
  /** Its entry in the audit. */
  operationId: string | null;
  reason: string | null;
  keyId: string;
  /** RFC 3339, in UTC. */
  at: string;
}

/**
 * A message that the system has given up on. One row for a message and a queue, however often it fails.
 *
 * `open` → `replaying` → `resolved`, or `open` again; `open` → `discarded` → `open`. Whoever changes the
 * state does it in SQL, under the lock of the row, where the state it starts from is a condition.
 */
@Entity('dead_letter')
export class DeadLetterEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  state: DeadLetterState;

  @Column('uuid', { name: 'group_id' })
  groupId: string;

  /** Of the rule that has put it into its group. */
  @Column('int', { name: 'fingerprint_version' })
  fingerprintVersion: number;

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

  /** The first line of the stack that is our own code. */
  @Column('text', { name: 'failure_frame', nullable: true })
  failureFrame: string | null;

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

  /** The dead letter whose edited copy this message is. */
  @Column('uuid', { name: 'edit_of', nullable: true })
  editOf: string | null;

  @Column('jsonb', { name: 'last_action', nullable: true })
  lastAction: LastAction | null;

  /** When it was resolved or discarded; null while it is neither. */
  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;
}
