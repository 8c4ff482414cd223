import { builtMessaging, builtPlatform, typeOrm } from '../lib/built.mts';
import { Note, queue, schema, type Trouble, type WorkerPlan } from './plan.mts';

/**
 * A service with one handler, on the road as it is: inbox, one row, and for what was replayed the report
 * of its outcome through the outbox. The parent says `mend` when the cause of the trouble is gone, and
 * ends the process by closing the channel.
 */
const plan = JSON.parse(process.env['PLAN'] ?? '') as WorkerPlan;
const { MessagingRuntime } = builtMessaging();
const { databaseOptions, PermanentError } = builtPlatform();
const { DataSource } = typeOrm();
const settings = { url: plan.databaseUrl, schema, name: 'bench', entities: [], migrations: [] };
const dataSource = await new DataSource(databaseOptions(settings)).initialize();
let isMended = false;

const runtime = new MessagingRuntime(
  { service: 'bench', instance: 'bench-1', rabbitmqUrl: plan.rabbitmqUrl },
  dataSource,
);
await runtime.start([
  {
    registration: { queue, contract: Note, prefetch: 50, attempts: 8 },
    invoke: async (payload, { tx, envelope }) => {
      const { number, trouble } = payload as { number: number; trouble: Trouble };
      if (trouble === 'always' || (trouble === 'until-mended' && !isMended))
        throw new PermanentError('bench.broken', 'It is still broken.');
      await tx.query('insert into note (message_id, number) values ($1, $2)', [
        envelope.id,
        number,
      ]);
      return [];
    },
  },
]);

process.on('message', (told) => {
  isMended = told === 'mend';
});
process.on('disconnect', () => {
  void runtime.stop().then(() => dataSource.destroy());
});
process.send?.('ready');
