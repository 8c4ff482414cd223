import { Inject } from '@nestjs/common';
import { type Outgoing, ReplayedMessageHandled } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { SUBJECT_LISTENERS, type SubjectListeners } from '../subjects.js';
import { settleHandled } from './settle-item.js';

/** What a replay put back is done: its item, its dead letter and what that is about are told. */
@Handles(ReplayedMessageHandled, { queue: 'gateway.settle-replayed' })
export class SettleReplayedHandler implements MessageHandler<typeof ReplayedMessageHandled> {
  constructor(@Inject(SUBJECT_LISTENERS) private readonly listeners: SubjectListeners) {}

  async handle(report: ReplayedMessageHandled, { tx }: HandlerContext): Promise<Outgoing[]> {
    await settleHandled(tx, this.listeners, report);
    return [];
  }
}
