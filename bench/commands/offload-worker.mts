import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { builtMessaging, builtPlatform, typeOrm } from '../lib/built.mts';
import { type Measured, noteHandler, type Plan, schema } from './plan.mts';

/** A service with one handler, on the road as it is: consumer, inbox, outbox and relay. */
export async function runOffload(plan: Plan): Promise<Measured> {
  const { startTracing, stopTracing } = builtPlatform();
  await startTracing('bench', {
    INSTANCE_ID: '1',
    ...(plan.tracesTo ? { OTEL_EXPORTER_OTLP_ENDPOINT: plan.tracesTo } : {}),
  });
  const { MessagingRuntime } = builtMessaging();
  const settings = { url: plan.databaseUrl, schema, name: 'bench', entities: [], migrations: [] };
  const { DataSource } = typeOrm();
  const dataSource = await new DataSource(builtPlatform().databaseOptions(settings)).initialize();
  const { rabbitmqUrl, messages } = plan;
  const runtime = new MessagingRuntime(
    { service: 'bench', instance: '1', rabbitmqUrl },
    dataSource,
  );
  const handler = noteHandler(plan.prefetch);
  let startedAt = 0;

  const all = firstValueFrom(
    runtime.deliveries.settled.pipe(
      filter(({ outcome }) => outcome === 'handled'),
      take(messages),
      toArray(),
    ),
  );
  await runtime.start([
    {
      ...handler,
      invoke: (payload, context) => {
        startedAt ||= performance.now();
        return handler.invoke(payload, context);
      },
    },
  ]);
  await all;
  const handledMs = performance.now() - startedAt;
  const pending = 'select 1 from outbox_message where sent_at is null limit 1';
  while ((await dataSource.query<unknown[]>(pending)).length > 0);
  const publishedMs = performance.now() - startedAt;
  await runtime.stop();
  await dataSource.destroy();
  await stopTracing();
  return { handledMs, publishedMs };
}
