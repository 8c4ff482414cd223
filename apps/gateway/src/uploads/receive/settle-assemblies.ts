import { CheckUpload, type Outgoing } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { ScanPolicy } from '../upload-config.js';
import { Upload } from '../upload.entity.js';
import { EmptyFile, UploadTooLarge } from '../uploads.errors.js';
import { whenWhole } from '../when-whole.js';

/** What an upload that is put together is held to. */
export interface AssemblyLimits {
  SCAN_POLICY: ScanPolicy;
  MAX_UPLOAD_BYTES: number;
}

/**
 * Lets the uploads go on that waited for this part as their last one. Must run in the transaction in which
 * the part has become whole. Answers what has to follow.
 *
 * The row of the assembled upload is locked first: of two parts that become whole at once, the second sees
 * the first.
 */
export async function settleAssemblies(
  tx: EntityManager,
  partId: string,
  limits: AssemblyLimits,
): Promise<Outgoing[]> {
  const waiting: { id: string }[] = await tx.query(
    `select id from upload
      where kind = 'assembled' and state = 'receiving' and parts @> array[$1]::uuid[] and deleted_at is null
      order by id for update`,
    [partId],
  );
  const messages: Outgoing[] = [];
  for (const { id } of waiting) messages.push(...(await settle(tx, id, limits)));
  return messages;
}

/** Looks whether all parts of an assembled upload are whole, and if so, has them put together. */
export async function settle(
  tx: EntityManager,
  id: string,
  { SCAN_POLICY, MAX_UPLOAD_BYTES }: AssemblyLimits,
): Promise<Outgoing[]> {
  const [parts]: { size: string | null; are_whole: boolean }[] = await tx.query(
    `select sum(part.size) as size, bool_and(part.state = 'received') as are_whole
       from upload assembled
      cross join lateral unnest(assembled.parts) as named(id)
       join upload part on part.id = named.id
      where assembled.id = $1`,
    [id],
  );
  if (!parts?.are_whole) return [];
  const size = Number(parts.size);
  if (size > MAX_UPLOAD_BYTES || size === 0) {
    const problem = size === 0 ? new EmptyFile() : new UploadTooLarge(MAX_UPLOAD_BYTES);
    const { code: problemCode, message: problemDetail } = problem;
    await tx.update(Upload, { id }, { state: 'rejected', problemCode, problemDetail });
    return [];
  }
  const whole = whenWhole({ kind: 'assembled', sha256: null, refusal: undefined }, SCAN_POLICY);
  await tx.update(Upload, { id }, { ...whole.fields, size, received: size });
  return [CheckUpload({ uploadId: id })];
}
