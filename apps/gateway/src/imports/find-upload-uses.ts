import type { EntityManager } from 'typeorm';

interface UploadUse {
  by: string;
  isHeld: boolean;
  lastUsedAt: Date;
}

/**
 * The imports that read these uploads, as their file or as corrected rows, by the id of the upload: one that
 * has not ended, else the latest.
 */
export async function findUploadUses(
  tx: EntityManager,
  uploadIds: readonly string[],
): Promise<Map<string, UploadUse>> {
  const rows: { upload_id: string; id: string; is_held: boolean; last_used_at: Date }[] =
    await tx.query(
      `select distinct on (used) used as upload_id, id, finished_at is null as is_held,
              coalesce(finished_at, created_at) as last_used_at
         from (select upload_id as used, * from import where upload_id = any($1::uuid[])
               union all
               select fix_upload_id, * from import where fix_upload_id = any($1::uuid[])) as uses
        order by used, finished_at desc nulls first`,
      [uploadIds],
    );
  return new Map(
    rows.map(({ upload_id, id, is_held, last_used_at }) => [
      upload_id,
      { by: `import ${id}`, isHeld: is_held, lastUsedAt: last_used_at },
    ]),
  );
}
