import type {
  DatasetChanged,
  DatasetColumn,
  DatasetDropped,
  DatasetKey,
  DatasetRefused,
} from '@offload/contracts';
import type { DatasetProblem, DatasetState } from '@offload/contracts/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { asNumber } from '../database/columns.js';
import { storableText } from '../database/storable.js';

/**
 * What the gateway knows of a dataset, from what was asked of it and what ingest says.
 *
 * Reports may come late and in any order: an older one never brings back what was. Those that answer the request
 * that is being done carry its correlation, and end it.
 */
@Entity('dataset')
export class Dataset {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId: string;

  @PrimaryColumn('text')
  name: string;

  /** `dropped` ones are remembered, so that a late report does not bring them back. */
  @Column('text')
  state: DatasetState | 'dropped';

  @Column('text', { name: 'table_name', nullable: true })
  tableName: string | null;

  @Column('jsonb')
  columns: DatasetColumn[];

  @Column('jsonb')
  keys: DatasetKey[];

  @Column('bigint', { transformer: asNumber })
  rows: number;

  @Column('jsonb', { nullable: true })
  problem: DatasetProblem | null;

  @Column('text', { name: 'request_id', nullable: true })
  requestId: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'changed_at', nullable: true })
  changedAt: Date | null;

  /** Nothing is being done, and there is a table. */
  get isReady(): boolean {
    return this.state === 'ready';
  }

  get isBusy(): boolean {
    return this.state === 'creating' || this.state === 'changing' || this.state === 'dropping';
  }

  /** Something was asked of it. */
  request(state: 'creating' | 'changing' | 'dropping', requestId: string): void {
    this.state = state;
    this.requestId = requestId;
    this.problem = null;
  }

  takeChanged(changed: DatasetChanged, correlationId: string): void {
    const isNews = this.takesOver(changed.changedAt);
    if (isNews) {
      this.tableName = changed.table;
      this.columns = changed.columns;
      this.keys = changed.keys;
      this.rows = changed.rows;
    }
    if (correlationId === this.requestId) {
      this.problem = null;
      this.rest();
    } else if (isNews && this.state !== 'changing' && this.state !== 'dropping') {
      this.rest();
    }
  }

  takeDropped({ droppedAt }: DatasetDropped): void {
    if (!this.takesOver(droppedAt)) return;
    Object.assign(this, { tableName: null, columns: [], keys: [], rows: 0, problem: null });
    this.state = 'dropped';
  }

  takeRefused(refused: DatasetRefused, correlationId: string): void {
    const { action, code, message, refusedAt } = refused;
    this.problem = { action, code, detail: storableText(message), at: refusedAt };
    if (correlationId === this.requestId) this.rest();
  }

  /** What was asked for waits as a dead letter: it may still be done, and until then others may try. */
  interrupt(action: DatasetProblem['action'], detail: string, at: Date): void {
    if (this.state !== STATE_OF[action]) return;
    this.problem = {
      action,
      code: 'interrupted',
      detail: storableText(detail),
      at: at.toISOString(),
    };
    this.rest();
  }

  private takesOver(time: string): boolean {
    const at = new Date(time);
    if (this.changedAt && this.changedAt >= at) return false;
    this.changedAt = at;
    return true;
  }

  private rest(): void {
    if (this.tableName !== null) this.state = 'ready';
    else if (this.state !== 'dropped') this.state = 'failed';
  }
}

const STATE_OF = { create: 'creating', extend: 'changing', drop: 'dropping', restore: undefined };
