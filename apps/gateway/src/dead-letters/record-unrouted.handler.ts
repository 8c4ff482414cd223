import { Inject } from '@nestjs/common';
import type { Outgoing } from '@offload/contracts';
import {
  type DeadLetter,
  type DeadLetterHandler,
  type HandlerContext,
  HandlesDeadLetters,
  queues,
} from '@offload/messaging';
import { recordDeadLetter } from './record-dead-letter.js';
import { SUBJECT_LISTENERS, type SubjectListeners } from './subjects.js';

/** What no queue wanted; kept and replayed like a dead letter. */
@HandlesDeadLetters(queues.unrouted)
export class RecordUnroutedHandler implements DeadLetterHandler {
  constructor(@Inject(SUBJECT_LISTENERS) private readonly listeners: SubjectListeners) {}

  async handle(deadLetter: DeadLetter, { tx }: HandlerContext): Promise<Outgoing[]> {
    await recordDeadLetter(tx, this.listeners, deadLetter);
    return [];
  }
}
