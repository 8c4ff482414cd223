import type { EntityManager } from 'typeorm';
import { Import } from './import.entity.js';
import { summarise } from './summarise-import.js';

/** An import of any tenant in one sentence, for operators; undefined when there is none. */
export async function viewImport(
  tx: EntityManager,
  id: string,
): Promise<{ summary: string; href: string } | undefined> {
  const run = await tx.findOneBy(Import, { id });
  if (!run) return undefined;
  const { fileName, dataset, state } = run;
  const summary = summarise(run) ?? `The import of “${fileName}” into ${dataset} is ${state}.`;
  return { summary, href: `/v1/imports/${id}` };
}
