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

/** What a service has given up on. */
@HandlesDeadLetters(queues.deadLetters)
export class RecordDeadLetterHandler implements DeadLetterHandler {
  constructor(@Inject(SUBJECT_LISTENERS) private readonly listeners: SubjectListeners) {}

  async handle(deadLetter: DeadLetter, { tx }: HandlerContext): Promise<Outgoing[]> {
    await recordDeadLetter(tx, this.listeners, deadLetter);
    return [];
  }
}
