import type { WorkHold } from '@offload/contracts/http';
import type { StoredEvent } from './event-store.js';

/** How long a client waits before it connects again (HTML Standard, "Server-sent events", section 9.2.6). */
export function retryFrame(ms = 3000): string {
  return `retry: ${ms}\n\n`;
}

/** Where a client stands before it has been sent an event: an id alone is kept, and is no event (9.2.6). */
export function placeFrame(sequence: number): string {
  return `id: ${sequence}\n\n`;
}

/** A comment line; it keeps proxies from closing a quiet stream. */
export const heartbeatFrame = ': hb\n\n';

/** One event with its sequence as id, so that a client that comes back says where it was. */
export function eventFrame(event: StoredEvent): string {
  return frame(event.type, event.sequence, {
    topic: event.topic,
    time: event.recordedAt.toISOString(),
    data: event.data,
  });
}

/** The state of one topic as of a sequence. */
export function snapshotFrame(topic: string, sequence: number, data: unknown): string {
  return frame('snapshot', sequence, { topic, time: new Date().toISOString(), data });
}

/** The events since the client's last one are gone; what follows is a snapshot. */
export function resetFrame(): string {
  return frame('reset', undefined, {
    detail: 'The events you missed are no longer kept. Forget what you know; a snapshot follows.',
  });
}

/**
 * Work of a kind is held up, or goes on. It has no id, as it is not stored: a client that comes back is
 * told again if it still holds.
 */
export function holdFrame(kind: string, hold: WorkHold | null): string {
  return frame(hold ? 'work-held' : 'work-resumed', undefined, {
    topic: `${kind}:*`,
    time: new Date().toISOString(),
    data: { hold },
  });
}

/** Every topic of the stream has ended; the next connection is answered with 204. */
export function endFrame(): string {
  return frame('end', undefined, {});
}

function frame(name: string, id: number | undefined, data: unknown): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `${idLine}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
