import type {
  CreateReplayRequest,
  DeadLetterSelection,
  ReplayPreview,
  ReplayResource,
} from '@offload/contracts/http';
import { type FilterOptions, selectionOf } from '../options/filter-options.js';
import { type PaceOptions, paceOf } from '../options/pace-options.js';
import { showBegun } from '../replays/watch-replay.js';
import type { Session } from '../session.js';
import { confirm, needsPerson, required } from '../terminal/confirm.js';
import { plural } from '../terminal/numbers.js';
import { previewText } from './preview-text.js';

export interface ReplayOptions extends FilterOptions, PaceOptions {
  reason?: string;
  incident?: string;
  yes?: boolean;
  dryRun?: boolean;
  watch?: boolean;
}

/**
 * `offload dead-letters replay`, in the order a careful person would: see what would happen, say why,
 * confirm the count, begin. What has come to match since the preview stops it, through `expected_count`.
 */
export async function replayLetters(
  session: Session,
  ids: readonly string[],
  options: ReplayOptions,
): Promise<void> {
  const { terminal } = session;
  const selection = selectionOf(ids, options);
  if (!options.dryRun) {
    if (!options.incident) needsPerson(terminal, '--incident');
    if (!options.reason) needsPerson(terminal, '--reason');
  }
  const preview = await previewReplay(session, selection, options);
  if (options.dryRun) return session.show(preview, () => previewText(preview, terminal.style));
  terminal.note(previewText(preview, terminal.noteStyle));
  if (preview.count === 0) return;

  const incident = await required(terminal, options.incident, {
    option: '--incident',
    question: 'Name of the incident: ',
  });
  const reason = await required(terminal, options.reason, {
    option: '--reason',
    question: 'Why will it work now? ',
  });
  if (!options.yes) await confirm(terminal, questionFor(preview), preview.count);
  const replay = await session.api.post<ReplayResource>('createReplay', {
    body: { ...requestOf(selection, options), incident, reason, expected_count: preview.count },
  });
  await showBegun(session, replay, options);
}

function previewReplay(
  { api }: Session,
  selection: DeadLetterSelection,
  options: ReplayOptions,
): Promise<ReplayPreview> {
  // The API wants both words also for a preview, and keeps neither.
  const { incident = 'preview', reason = 'preview' } = options;
  return api.post<ReplayPreview>('createReplay', {
    body: { ...requestOf(selection, options), incident, reason, dry_run: true },
  });
}

function requestOf(
  selection: DeadLetterSelection,
  options: PaceOptions,
): Pick<CreateReplayRequest, 'filter' | 'ids' | 'pace'> {
  const pace = paceOf(options);
  return { ...selection, ...(pace && { pace }) };
}

function questionFor({ count, groups }: ReplayPreview): string {
  return `Replay ${plural(count, 'message')} of ${plural(groups.length, 'group')}?`;
}
