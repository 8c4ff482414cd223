import { holdOfKind } from '../../holds/hold-of-kind.js';
import { liveOnes } from '../../workers/heard-worker.js';
import type { Check, Trouble } from '../facts.js';
import { duration } from '../words.js';
import { isWaitingItsTurn, remaining } from './unmoved-work.js';

/**
 * Imports of which nothing was committed for too long.
 *
 * Not those that are told already to be held up, or that may wait for their turn; those with open dead
 * letters are not among the facts. A try that waits in a retry tier cannot be told from a
 * lost one until the longest tier has passed twice: until then it is a warning.
 */
export const importStalled: Check = (facts) => {
  const { imports, limits, now } = facts;
  if (holdOfKind('import', liveOnes(facts.workers))) return [];
  const stalled = imports.oldest.filter((work) => !isWaitingItsTurn('import', work, facts));
  if (stalled.length === 0) return [];
  const found = stalled.map(({ id, state, lastSignAt }): Trouble => {
    const silentMs = now.getTime() - lastSignAt.getTime();
    const mayRetry = silentMs < limits.retryHorizonMs;
    return {
      code: 'import_stalled',
      severity: mayRetry ? 'warning' : 'critical',
      subject: `import:${id}`,
      detail: `Import ${id} is ${state}, and nothing of it was committed for ${duration(silentMs)}.${mayRetry ? ' One of its tries may be waiting in a retry tier.' : ''}`,
      remedy,
      confirmAfterMs,
    };
  });
  return [
    ...found,
    ...remaining(imports, {
      code: 'import_stalled',
      subject: 'import:others',
      noun: 'import',
      remedy,
      confirmAfterMs,
    }),
  ];
};

/** After an outage everything has been silent for long, and shows its first sign a little later. */
const confirmAfterMs = 120_000;

const remedy =
  'See whether its queues have consumers and room, then look for its last log line by the import id; if its message is gone, cancel the import with keep_rows and retry it: it goes on with what is not committed.';
