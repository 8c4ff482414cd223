import type { Endpoint } from './api/endpoints.js';
import { follow } from './api/follow.js';
import { CliError, exitCodes, Stopped } from './exit-codes.js';
import type { Session } from './session.js';
import { ProgressLine } from './terminal/progress-line.js';

export interface Watched<T> {
  /** As in `replay:<id>`. */
  topic: string;
  id: string;
  get: Endpoint;
  /** How far it has come, as a progress line shows it. */
  progress: (resource: T) => { line: string; stage: string; block?: readonly string[] };
  /** Nothing more happens by itself. */
  isOver: (resource: T) => boolean;
  /** The command that goes on watching. */
  again: string;
}

/**
 * Follows something to its end and answers how it ended. Shows a progress line, or each event as a
 * line of JSON with --json. Ctrl-C stops the watching and nothing else: throws Stopped.
 */
export async function watch<T>(session: Session, watched: Watched<T>): Promise<T> {
  const progress = new ProgressLine(session.terminal);
  try {
    await showEvents(session, watched, progress);
  } catch (error) {
    progress.end();
    throw withWayBack(error, watched.again);
  }
  progress.end();
  return session.api.get<T>(watched.get, { id: watched.id });
}

async function showEvents<T>(
  { api, terminal, isJson }: Session,
  { topic, progress, isOver }: Watched<T>,
  line: ProgressLine,
): Promise<void> {
  let known: T | undefined;
  for await (const told of follow(api, topic)) {
    if (isJson) terminal.print(JSON.stringify(told));
    // Some events carry the whole resource, others the part that has changed.
    if (told.topic === topic) known = { ...known, ...(told.data as Partial<T>) } as T;
    if (known === undefined) continue;
    if (!isJson) {
      const shown = progress(known);
      line.show(shown.line, shown.stage, shown.block);
    }
    if (isOver(known)) return;
  }
}

function withWayBack(error: unknown, again: string): unknown {
  const advice = `The work goes on. Watch it again: ${again}`;
  if (error instanceof Stopped) return new Stopped(`Stopped watching. ${advice}`);
  if (error instanceof CliError && error.exitCode === exitCodes.unreachable) {
    return new CliError(error.exitCode, `${error.message}\n${advice}`);
  }
  return error;
}
