import type { DatasetColumn, DatasetKey } from '@offload/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A dataset of a tenant, and the table in the schema `datasets` that holds its rows. */
@Entity('dataset')
export class Dataset {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId: string;

  @PrimaryColumn('text')
  name: string;

  @Column('text', { name: 'table_name' })
  tableName: string;

  @Column('jsonb')
  columns: DatasetColumn[];

  /** Each has a unique index; the first is the one that upserts go by. */
  @Column('jsonb')
  keys: DatasetKey[];

  /** Rows in the table, all ended imports together. */
  @Column('bigint', { transformer: { from: Number, to: (rows: number) => rows } })
  rows: number;
}
