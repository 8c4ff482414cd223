import type { Mapping, SourceOptions, ValueOptions } from '@offload/contracts';
import type { MappingResource } from '@offload/contracts/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A mapping that imports can name. They keep what it said when they were accepted. */
@Entity('mapping')
export class SavedMapping {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** Each once in a tenant. */
  @Column('text')
  name: string;

  @Column('jsonb')
  mapping: Mapping;

  @Column('jsonb')
  source: SourceOptions;

  @Column('jsonb')
  values: ValueOptions;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt: Date;
}

export function mappingResource(saved: SavedMapping): MappingResource {
  const { id, name, mapping, source, values } = saved;
  return {
    id,
    object: 'mapping',
    name,
    mapping,
    source,
    values,
    created_at: saved.createdAt.toISOString(),
    changed_at: saved.changedAt.toISOString(),
    links: { self: `/v1/mappings/${id}` },
  };
}
