import type { ImportResource } from '@offload/contracts/http';
import type { Session } from '../session.js';
import { watch } from '../watch.js';
import { hasEnded, importLine, judgeImport } from './import-line.js';

/** Follows an import to its end. Throws EndedBadly when it has failed. */
export async function watchImport(session: Session, id: string): Promise<void> {
  const ended = await watch<ImportResource>(session, {
    topic: `import:${id}`,
    id,
    get: 'getImport',
    progress: (resource) => ({
      line: importLine(resource),
      stage: `${resource.state}/${resource.hold?.detail ?? ''}`,
    }),
    isOver: hasEnded,
    again: `offload imports show ${id} --watch`,
  });
  const words = judgeImport(ended);
  if (!session.isJson) session.terminal.print(words);
}
