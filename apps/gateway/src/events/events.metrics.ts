import { counterMetric, gaugeMetric } from '@offload/platform';

export const sseStreams = gaugeMetric('offload_sse_streams', {
  help: 'Event streams that are open on this gateway.',
});

export const sseStreamsOpened = counterMetric('offload_sse_streams_opened_total', {
  help: 'Event streams whose first byte was sent; not those that were answered 204 because nothing could follow.',
});

export const sseEventsSent = counterMetric('offload_sse_events_sent_total', {
  help: 'Events handed to the connections of streams, snapshots not counted: an event that a hundred streams follow counts a hundred times.',
});

export const sseStreamsClosed = counterMetric('offload_sse_streams_closed_total', {
  help: 'Event streams that are over: every topic had ended, the client went, the client left more than 1 MiB unread, or the gateway stops.',
  labels: { reason: ['ended', 'client', 'unread', 'stopping'] },
});
