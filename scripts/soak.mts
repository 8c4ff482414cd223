import { parseArgs } from 'node:util';
import { runScript } from './lib/lifetime.mts';
import { soak } from './lib/soak/soak.mts';

const USAGE = `npm run soak -- [--minutes 30]

  A private stack is worked, disturbed and watched for so long; then it is compared with what it was.`;

/**
 * npm run soak -- --minutes 30
 *
 * Imports, e-mails, uploads and event streams coming and going, with failures, over a private stack. It prints what each
 * process held over time and what became of everything that was asked for, and ends with 1 when a rule is broken.
 */
await runScript(async (lifetime) => {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) {
    console.error(USAGE);
    return 2;
  }
  return (await soak(lifetime, minutes)) ? 0 : 1;
});
