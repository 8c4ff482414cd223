import type { EventEmitter } from 'node:events';

const streaming = Symbol('streaming');

/**
 * Tells that the headers of an answer without an end have gone out: for whoever measures it, the request is over.
 * Call it once.
 */
export function beganToStream(response: EventEmitter): void {
  response.emit(streaming);
}

export function onceItStreams(response: EventEmitter, listener: () => void): void {
  response.once(streaming, listener);
}
