import type { ImportAction, ImportResource } from '@offload/contracts/http';
import type { Session } from '../session.js';
import { widthOf } from '../terminal/terminal.js';
import { watch } from '../watch.js';
import { importBars } from './import-bars.js';
import { importLine } from './import-line.js';
import { importReport, nextSteps } from './import-report.js';
import { isAtRest, judgeImport } from './judge-import.js';

/**
 * Follows an import until it rests, and tells how it has ended and what to do next. Throws EndedBadly when
 * it has come to something else than was wanted, or a CliError when it waits for review.
 */
export async function watchImport(
  session: Session,
  id: string,
  action?: ImportAction,
): Promise<void> {
  const { terminal, isJson } = session;
  const look = { width: widthOf(terminal.world.stderr) - 1, style: terminal.noteStyle };
  const ended = await watch<ImportResource>(session, {
    topic: `import:${id}`,
    id,
    get: 'getImport',
    progress: (resource) => ({
      line: importLine(resource),
      stage: `${resource.state}/${resource.hold?.detail ?? ''}`,
      block: importBars(resource, look),
    }),
    isOver: isAtRest,
    again: `offload imports show ${id} --watch`,
  });
  if (!isJson) tellImport(session, ended);
  judgeImport(ended, action);
}

/** The report is the result; what to type next is a remark. */
export function tellImport({ terminal }: Session, ended: ImportResource): void {
  terminal.print(importReport(ended, terminal));
  const steps = nextSteps(ended);
  if (steps.length > 0) terminal.note(`\n${steps.join('\n')}`);
}
