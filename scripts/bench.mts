import { parseArgs } from 'node:util';
import { benchCommands, benchTracing } from '../bench/commands.mts';
import { benchFormats } from '../bench/formats.mts';
import { benchImport } from '../bench/import.mts';
import { benchMemory } from '../bench/memory.mts';
import { benchReplay } from '../bench/replay.mts';
import { benchScanner } from '../bench/scanner.mts';
import { benchSizing } from '../bench/sizing.mts';
import { benchUpload } from '../bench/upload.mts';
import { benchWorkers } from '../bench/workers.mts';
import { runScript, type Lifetime } from './lib/lifetime.mts';

const USAGE = `npm run bench -- <which> [options]

  import     a CSV file through the API, against psql \\copy    --rows=1000000
  formats    other formats and modes, against psql \\copy       --rows=1000000
  memory     a small and a large import, against each other    --gigabytes=10
  workers    two ingest processes, against one                 --rows=1000000
  upload     a file sent, against a bare node:http server      --megabytes=200
  commands   messages handled, against amqplib and pg alone    --messages=20000 --prefetch=10
  tracing    the same with every message traced, against off   --messages=20000 --prefetch=10
  replay     dead letters put back, against raw publishing     --letters=10000
  sizing     imports and e-mails with the CPU of each part     --rows=1000000 --messages=20000
  scanner    finding records, against finding line breaks      --megabytes=200

  --rounds=5  Rounds that count.`;

const OPTIONS = {
  rounds: { type: 'string', default: '5' },
  rows: { type: 'string', default: '1000000' },
  letters: { type: 'string', default: '10000' },
  messages: { type: 'string', default: '20000' },
  prefetch: { type: 'string', default: '10' },
  megabytes: { type: 'string', default: '200' },
  gigabytes: { type: 'string', default: '10' },
} as const;

type Numbers = Record<keyof typeof OPTIONS, number>;

const BENCHES: Record<string, (lifetime: Lifetime, options: Numbers) => Promise<void>> = {
  import: benchImport,
  formats: benchFormats,
  memory: benchMemory,
  workers: benchWorkers,
  upload: benchUpload,
  commands: benchCommands,
  tracing: benchTracing,
  replay: benchReplay,
  sizing: benchSizing,
  scanner: benchScanner,
};

/**
 * Measures one thing side by side with the plainest way to do the same, and prints the ratio of each
 * round. Servers are private and started here unless DATABASE_URL and RABBITMQ_URL name some.
 */
await runScript(async (lifetime) => {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const bench = BENCHES[positionals[0] ?? ''];
  if (!bench) {
    console.error(USAGE);
    return 2;
  }
  await bench(lifetime, {
    rounds: wholeNumber('rounds', values.rounds),
    rows: wholeNumber('rows', values.rows),
    letters: wholeNumber('letters', values.letters),
    messages: wholeNumber('messages', values.messages),
    prefetch: wholeNumber('prefetch', values.prefetch),
    megabytes: wholeNumber('megabytes', values.megabytes),
    gigabytes: wholeNumber('gigabytes', values.gigabytes),
  });
  return 0;
});

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} takes a whole number, not ${JSON.stringify(text)}.`);
}
