import { histogramMetric } from '@offload/platform';

export const emailAttemptDuration = histogramMetric('offload_email_attempt_duration_seconds', {
  help: 'Conversations with a mail relay about one e-mail, and how long they took, counted after the commit that notes their end: `sent` the relay took it, `deferred` it put it off or did not answer, `failed` it refused for good, `in_doubt` nobody knows. One that died with its process counts as in doubt when the next attempt finds it, with the time until then.',
  labels: {
    relay: 'host and port of `SMTP_URL`, also of an earlier one',
    result: ['sent', 'deferred', 'failed', 'in_doubt'],
  },
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 100],
});
