import { type Outgoing, ReplayedMessageHandled } from '@offload/contracts';
import { type HandlerContext, Handles, type MessageHandler } from '@offload/messaging';
import { settleHandled } from './settle-item.js';

/** What a replay put back is done: its item and its dead letter are told. */
@Handles(ReplayedMessageHandled, { queue: 'gateway.settle-replayed' })
export class SettleReplayedHandler implements MessageHandler<typeof ReplayedMessageHandled> {
  async handle(report: ReplayedMessageHandled, { tx }: HandlerContext): Promise<Outgoing[]> {
    await settleHandled(tx, report);
    return [];
  }
}
