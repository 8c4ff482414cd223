import type {
  BulkActionResult,
  FollowUpRequest,
  ReplayPace,
  ReplayResource,
} from '@offload/contracts/http';
import { UsageError } from '../exit-codes.js';
import { type PaceOptions, paceOf } from '../options/pace-options.js';
import type { Session } from '../session.js';
import { confirm, required } from '../terminal/confirm.js';
import { plural } from '../terminal/numbers.js';
import { replayLine } from './replay-line.js';
import { showBegun, watchReplay } from './watch-replay.js';

export interface ActOptions {
  reason?: string;
  watch?: boolean;
}

export type ReplayAct = 'pauseReplay' | 'resumeReplay' | 'abortReplay';

/** Pauses, resumes or aborts; the reason is asked for when it was not given. */
export async function actOnReplay(
  session: Session,
  id: string,
  { act, ...options }: ActOptions & { act: ReplayAct },
): Promise<void> {
  const reason = await reasonFor(session, options);
  const replay = await session.api.post<ReplayResource>(act, { id, body: { reason } });
  if (options.watch) return watchReplay(session, id);
  session.show(replay, () => replayLine(replay, undefined));
}

/** Changes the pace while it runs. Throws UsageError when there is nothing to change. */
export async function changePace(
  session: Session,
  id: string,
  options: ActOptions & PaceOptions,
): Promise<void> {
  const pace = paceOf(options);
  if (!pace) throw new UsageError('Nothing to change: give --rate, --in-flight or another limit.');
  const body: { reason: string; pace: Partial<ReplayPace> } = {
    reason: await reasonFor(session, options),
    pace,
  };
  const replay = await session.api.post<ReplayResource>('changeReplayPace', { id, body });
  session.show(
    replay,
    () =>
      `The pace is at most ${replay.pace.rate_per_s}/s and ${replay.pace.max_in_flight} on their way.`,
  );
}

/** Replays or discards those of a replay that failed again. */
export async function followUp(
  session: Session,
  id: string,
  {
    action,
    incident,
    yes,
    ...options
  }: ActOptions & PaceOptions & { action: 'replay' | 'discard'; incident?: string; yes?: boolean },
): Promise<void> {
  const reason = await reasonFor(session, options);
  if (!(yes || (await confirmFollowUp(session, id, action)))) return;
  const pace = paceOf(options);
  const body: FollowUpRequest = {
    action,
    reason,
    ...(incident !== undefined && { incident }),
    ...(pace && { pace }),
  };
  const done = await session.api.post<ReplayResource | BulkActionResult>('followUpReplay', {
    id,
    body,
  });
  if (done.object === 'replay') return showBegun(session, done, options);
  session.show(done, () => `Discarded ${plural(done.count, 'dead letter')}.`);
}

/** Answers false when there is nothing to do. Throws Stopped when it is not confirmed. */
async function confirmFollowUp(
  session: Session,
  id: string,
  action: 'replay' | 'discard',
): Promise<boolean> {
  const { counts } = await session.api.get<ReplayResource>('getReplay', { id });
  const failed = counts.failed_again;
  if (failed === 0) {
    session.terminal.note('None of this replay failed again; nothing was done.');
    return false;
  }
  const verb = action === 'replay' ? 'Replay' : 'Discard';
  const question = `${verb} the ${plural(failed, 'message')} that failed again, as far as they are still open?`;
  await confirm(session.terminal, question, failed);
  return true;
}

function reasonFor({ terminal }: Session, { reason }: ActOptions): Promise<string> {
  return required(terminal, reason, { option: '--reason', question: 'Reason, for the audit: ' });
}
