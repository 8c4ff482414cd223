import { counterMetric } from '@offload/platform';

export const replayedMessages = counterMetric('offload_replayed_messages_total', {
  help: 'Messages put back by a replay of which the outcome is known, counted after the commit that adds it to the replay: handled, dead again, or nothing heard in time. One that is heard of later counts a second time, with what came of it.',
  labels: { outcome: ['succeeded', 'failed_again', 'expired'] },
});
