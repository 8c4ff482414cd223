import type { ReplayResource } from '@offload/contracts/http';
import type { Session } from '../session.js';
import { watch } from '../watch.js';
import { isAtRest, judgeReplay } from './judge-replay.js';
import { Rate } from './rate.js';
import { replayProgress } from './replay-line.js';

/** Follows a replay until it is at rest. Throws EndedBadly, or a CliError when it is paused. */
export async function watchReplay(session: Session, id: string): Promise<void> {
  const replay = await watch<ReplayResource>(session, {
    topic: `replay:${id}`,
    id,
    get: 'getReplay',
    progress: replayProgress(new Rate(), session.now),
    isOver: isAtRest,
    again: watchCommand(id),
  });
  const words = judgeReplay(replay);
  if (!session.isJson) session.terminal.print(words);
}

/** Shows a replay that has begun, or follows it. */
export async function showBegun(
  session: Session,
  replay: ReplayResource,
  { watch: isWatched }: { watch?: boolean },
): Promise<void> {
  const begun = `Replay ${replay.id} has begun: ${replay.counts.total} to go.`;
  if (isWatched) {
    if (!session.isJson) session.terminal.note(begun);
    return watchReplay(session, replay.id);
  }
  session.show(replay, () => `${begun}\nWatch it: ${watchCommand(replay.id)}`);
}

function watchCommand(id: string): string {
  return `offload replays show ${id} --watch`;
}
