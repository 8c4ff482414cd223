import type { Check } from '../facts.js';
import { counted, duration } from '../words.js';

/** Messages that no queue wanted, and that nobody has replayed or discarded. */
export const unroutedMessages: Check = ({ unrouted, now }) =>
  unrouted.map(({ messageType, count, oldestAt }) => ({
    code: 'unrouted_messages',
    severity: 'critical',
    subject: `message:${messageType}`,
    detail: `No queue wanted ${counted(count, 'message')} of type ${messageType}; the oldest came ${duration(now.getTime() - oldestAt.getTime())} ago.`,
    remedy:
      'Start the service that handles them once, so that it binds its queue, then replay them; discard them if no release handles them any more.',
  }));
