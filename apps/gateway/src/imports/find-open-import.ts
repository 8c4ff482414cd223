import { ImportState } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import { hasEnded } from './import-states.js';

/** The id of an import into a tenant's dataset that has not ended, the oldest first; undefined when there is none. */
export async function findOpenImport(
  tx: EntityManager,
  tenantId: string,
  dataset: string,
): Promise<string | undefined> {
  const [row]: { id: string }[] = await tx.query(
    `select id from import where tenant_id = $1 and dataset = $2 and state = any($3)
      order by id limit 1`,
    [tenantId, dataset, openStates],
  );
  return row?.id;
}

const openStates = ImportState.options.filter((state) => !hasEnded(state));
