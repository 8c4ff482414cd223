import type {
  ReplayItem,
  ReplayItemState,
  ReplayResource,
  ReplayState,
} from '@offload/contracts/http';
import { type ListOptions, noteMore } from '../options/list-options.js';
import type { Session } from '../session.js';
import { details } from '../terminal/details.js';
import { figure, plural } from '../terminal/numbers.js';
import { type Style, stateText } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { ago, moment, span } from '../terminal/times.js';
import { watchReplay } from './watch-replay.js';
import { replayLine } from './replay-line.js';

export async function listReplays(
  session: Session,
  { state, after, limit }: ListOptions & { state?: ReplayState },
): Promise<void> {
  const { api, terminal, now } = session;
  const page = await api.list<ReplayResource>('listReplays', { query: { state, after }, limit });
  const { style, width } = terminal;
  session.show(page, () =>
    page.data.length === 0
      ? 'There are no replays.'
      : table(
          [
            { title: 'ID', value: ({ id }) => id },
            { title: 'STATE', value: (replay) => stateText(replay.state, style) },
            { title: 'STAGE', value: ({ stage }) => stage },
            { title: 'DONE', value: ({ percent }) => `${percent} %`, isNumber: true },
            { title: 'TOTAL', value: ({ counts }) => figure(counts.total), isNumber: true },
            { title: 'OK', value: ({ counts }) => figure(counts.succeeded), isNumber: true },
            { title: 'AGAIN', value: ({ counts }) => figure(counts.failed_again), isNumber: true },
            { title: 'BEGUN', value: (replay) => ago(replay.created_at, now()) },
            { title: 'INCIDENT', value: ({ incident }) => incident, isFlexible: true },
          ],
          page.data,
          { width, style },
        ),
  );
  if (!session.isJson) noteMore(terminal, page);
}

export async function showReplay(
  session: Session,
  id: string,
  { watch }: { watch?: boolean },
): Promise<void> {
  if (watch) return watchReplay(session, id);
  const replay = await session.api.get<ReplayResource>('getReplay', { id });
  session.show(replay, () => replayText(replay, session.terminal.style, session.now()));
}

export function replayText(replay: ReplayResource, style: Style, now: Date): string {
  const { pace, pause, waiting } = replay;
  return details(
    [
      ['replay', style.strong(replay.id)],
      ['state', `${stateText(replay.state, style)} · ${replay.stage}`],
      ['progress', replayLine(replay, undefined)],
      ['paused', pause ? `${pause.code}: ${pause.detail} (${ago(pause.at, now)})` : undefined],
      ['waits for', waiting ?? undefined],
      ['incident', replay.incident],
      ['reason', replay.reason],
      ['selection', selectionText(replay)],
      [
        'pace',
        `canary ${pace.canary}, at most ${pace.rate_per_s}/s and ${pace.max_in_flight} on their way; pauses ` +
          `above ${Math.round(pace.max_failed_ratio * 100)} % failures of ${pace.window}, or when live ` +
          `messages wait ${span(pace.max_backlog_age_s)}; expired after ${span(pace.outcome_timeout_s)}`,
      ],
      ['begun', `${moment(replay.created_at, now)} by key ${replay.key_id}`],
      ['ended', moment(replay.finished_at, now)],
    ],
    style,
  );
}

export async function listItems(
  session: Session,
  id: string,
  { state, after, limit }: ListOptions & { state?: ReplayItemState },
): Promise<void> {
  const query = { state, after };
  const page = await session.api.list<ReplayItem>('listReplayItems', { id, query, limit });
  const { style, width } = session.terminal;
  session.show(page, () =>
    page.data.length === 0
      ? 'There are no such messages in this replay.'
      : table(
          [
            { title: 'DEAD LETTER', value: (item) => item.dead_letter_id },
            { title: 'STATE', value: (item) => stateText(item.state, style) },
            { title: 'PUBLISHED', value: (item) => ago(item.published_at, session.now()) },
            { title: 'OUTCOME', value: (item) => item.outcome?.code ?? '–' },
            { title: 'DETAIL', value: outcomeText, isFlexible: true },
          ],
          page.data,
          { width, style },
        ),
  );
  if (!session.isJson) noteMore(session.terminal, page);
}

/** The dead letter to look at, where another has taken the place of the one that was put back. */
function outcomeText({ outcome, failed_as: id, dead_letter_id: original }: ReplayItem): string {
  const detail = outcome?.detail ?? '';
  return id === null || id === original ? detail : `It is dead letter ${id} now: ${detail}`;
}

function selectionText({ edited, selection }: ReplayResource): string {
  const { filter, id_count: ids, follow_up_of: earlier } = selection;
  if (edited) return 'an edited copy of one';
  if (earlier !== undefined) return `what failed again in replay ${earlier}`;
  if (ids !== undefined) return plural(ids, 'dead letter');
  return Object.entries(filter ?? {})
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}
