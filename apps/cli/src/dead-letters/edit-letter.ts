import type { DeadLetterResource, EditPreview, ReplayResource } from '@offload/contracts/http';
import { ApiRefused } from '../api/api.errors.js';
import { Stopped, UsageError } from '../exit-codes.js';
import { readJsonFile } from '../options/read-file.js';
import { showBegun } from '../replays/watch-replay.js';
import type { Session } from '../session.js';
import { confirm, needsPerson, required } from '../terminal/confirm.js';
import { pretty } from '../terminal/details.js';
import { EditedFile } from '../terminal/editor.js';
import { diffText } from './diff-text.js';

export interface EditOptions {
  body?: string;
  reason?: string;
  incident?: string;
  yes?: boolean;
  dryRun?: boolean;
  watch?: boolean;
}

/**
 * `offload dead-letters edit`: a changed copy takes the place of the original. It is checked against
 * the contract of the message and shown as a difference before anything is asked.
 */
export async function editLetter(
  session: Session,
  id: string,
  options: EditOptions,
): Promise<void> {
  const { terminal } = session;
  checkUsage(session, options);
  const letter = await session.api.get<DeadLetterResource>('getDeadLetter', { id });
  const { body, preview } = await changedBody(session, letter, options);
  const shown = (style = terminal.style): string => diffText(preview.diff, letter.body, style);
  if (preview.diff.length === 0) throw new Stopped('Nothing was changed, so nothing was done.');
  if (options.dryRun) return session.show(preview, () => shown());
  terminal.note(shown(terminal.noteStyle));

  const incident = await required(terminal, options.incident, {
    option: '--incident',
    question: 'Name of the incident: ',
  });
  const reason = await required(terminal, options.reason, {
    option: '--reason',
    question: 'Reason, for the audit: ',
  });
  if (!options.yes) {
    await confirm(terminal, `Replay this copy in place of the ${preview.message_type}?`, 1);
  }
  const replay = await session.api.post<ReplayResource>('editDeadLetter', {
    id,
    body: { reason, incident, body },
  });
  await showBegun(session, replay, options);
}

function checkUsage({ terminal }: Session, { body, yes, dryRun, ...given }: EditOptions): void {
  if (body === undefined && !terminal.isInteractive) {
    throw new UsageError('An editor needs a terminal. Give the whole new body: --body <file>.');
  }
  if (dryRun) return;
  if (!given.incident) needsPerson(terminal, '--incident');
  if (!given.reason) needsPerson(terminal, '--reason');
  if (body === '-' && !yes) {
    throw new UsageError('With --body - nobody can answer there: give --yes too, or --dry-run.');
  }
}

interface Changed {
  body: unknown;
  preview: EditPreview;
}

async function changedBody(
  session: Session,
  letter: DeadLetterResource,
  options: EditOptions,
): Promise<Changed> {
  if (options.body !== undefined) {
    const body = await readJsonFile(options.body, session.terminal);
    return { body, preview: await check(session, letter, body, options) };
  }
  if (letter.body_encoding !== 'json') {
    throw new UsageError('The body is not JSON, so no editor opens it. Give a whole one: --body.');
  }
  const content = `${pretty(letter.body)}\n`;
  const file = new EditedFile(`${letter.id}.json`, content, session.terminal.world);
  let isDone = false;
  try {
    const changed = await editUntilValid(session, letter, { ...options, file });
    isDone = true;
    return changed;
  } finally {
    if (isDone || !file.isChanged) file.remove();
    else session.terminal.warn(`What you have written is kept in ${file.path} (--body takes it).`);
  }
}

/** Opens the editor again on what is wrong, as long as the person wants to. */
async function editUntilValid(
  session: Session,
  letter: DeadLetterResource,
  { file, ...options }: EditOptions & { file: EditedFile },
): Promise<Changed> {
  for (;;) {
    const text = await file.edit();
    try {
      const body = JSON.parse(text) as unknown;
      return { body, preview: await check(session, letter, body, options) };
    } catch (error) {
      const isMendable = error instanceof SyntaxError || error instanceof ApiRefused;
      if (!isMendable) throw error;
      session.terminal.warn(error.message);
      const answer = await session.terminal.ask('Edit it again? [Y/n] ');
      if (answer === undefined || /^n/i.test(answer)) throw error;
    }
  }
}

function check(
  { api }: Session,
  { id }: DeadLetterResource,
  body: unknown,
  { incident = 'preview', reason = 'preview' }: EditOptions,
): Promise<EditPreview> {
  return api.post('editDeadLetter', { id, body: { reason, incident, body, dry_run: true } });
}
