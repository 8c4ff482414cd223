import type {
  BulkActionRequest,
  BulkActionResult,
  DeadLetterSelection,
  GroupList,
} from '@offload/contracts/http';
import { type FilterOptions, selectionOf } from '../options/filter-options.js';
import type { Session } from '../session.js';
import { confirm, needsPerson, required } from '../terminal/confirm.js';
import { figure, plural } from '../terminal/numbers.js';

export interface CloseOptions extends FilterOptions {
  reason?: string;
  yes?: boolean;
  dryRun?: boolean;
}

type Act = 'discard' | 'restore';

const endpoints = { discard: 'discardDeadLetters', restore: 'restoreDeadLetters' } as const;
const verbs = { discard: 'Discard', restore: 'Restore' } as const;

/** `offload dead-letters discard` and `restore`: shows how many, asks, and does it to no more than those. */
export async function closeLetters(
  session: Session,
  ids: readonly string[],
  { act, ...options }: CloseOptions & { act: Act },
): Promise<void> {
  const { api, terminal } = session;
  const selection = selectionOf(ids, options);
  if (!options.dryRun && !options.reason) needsPerson(terminal, '--reason');
  const dryRun = { ...selection, reason: options.reason ?? 'preview', dry_run: true };
  const preview = await api.post<BulkActionResult>(endpoints[act], { body: dryRun });
  const things = plural(preview.count, 'dead letter');
  if (options.dryRun) {
    return session.show(preview, () => `${verbs[act]} would touch ${things}.`);
  }
  if (preview.count === 0) {
    return session.show(preview, () => `Nothing to ${act}: none of them is ${stateFor(act)}.`);
  }

  if (!options.yes) await showGroups(session, selection, act);
  const reason = await required(terminal, options.reason, {
    option: '--reason',
    question: 'Reason, for the audit: ',
  });
  if (!options.yes) await confirm(terminal, `${verbs[act]} ${things}?`, preview.count);
  const body: Partial<BulkActionRequest> = {
    ...selection,
    reason,
    expected_count: preview.count,
  };
  const done = await api.post<BulkActionResult>(endpoints[act], { body });
  session.show(
    done,
    () =>
      `${verbs[act]}${act === 'discard' ? 'ed' : 'd'} ${plural(done.count, 'dead letter')} (operation ${done.operation_id}).`,
  );
}

/** What is about to be touched, by group; ids are taken at their word. */
async function showGroups(
  { api, terminal }: Session,
  { filter }: DeadLetterSelection,
  act: Act,
): Promise<void> {
  if (!filter || terminal.isQuiet) return;
  const query = { ...filter, state: stateFor(act), limit: 20 };
  const groups = await api.get<GroupList>('listDeadLetterGroups', { query });
  for (const { count, title } of groups.data) terminal.note(`  ${figure(count)}  ${title}`);
}

function stateFor(act: Act): 'open' | 'discarded' {
  return act === 'discard' ? 'open' : 'discarded';
}
