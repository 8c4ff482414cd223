import { DatasetChanged, type Outgoing } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';

/** Keeps what ingest says of its datasets; what it said earlier and comes later changes nothing. */
@Handles(DatasetChanged, { queue: 'gateway.project-dataset' })
export class ProjectDatasetHandler implements MessageHandler<typeof DatasetChanged> {
  async handle(changed: DatasetChanged, { tx, envelope }: HandlerContext): Promise<Outgoing[]> {
    const { dataset, table, columns, rows, changedAt } = changed;
    await tx.query(
      `insert into dataset (tenant_id, name, table_name, columns, rows, changed_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (tenant_id, name) do update
         set table_name = excluded.table_name, columns = excluded.columns, rows = excluded.rows,
             changed_at = excluded.changed_at
         where dataset.changed_at < excluded.changed_at`,
      [envelope.tenantId, dataset, table, JSON.stringify(columns), rows, changedAt],
    );
    return [];
  }
}
