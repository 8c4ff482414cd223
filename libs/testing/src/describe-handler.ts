import { randomUUID } from 'node:crypto';
import type { Type } from '@nestjs/common';
import type { Outgoing } from '@offload/contracts';
import type { HandlerContext } from '@offload/messaging';
import type { DataSource } from 'typeorm';
import { handlerHarness, type HarnessOptions } from './handler-harness.js';

export interface ComplianceOptions extends HarnessOptions {
  /** Prepares what the handler needs and answers a message that it can handle. */
  example: (db: DataSource) => Promise<Outgoing>;
  /** Tables that outlive a rolled back delivery on purpose, because they record the try itself. */
  keepsRecordsIn?: string[];
}

/**
 * What every handler promises, whatever it does. A handler without this suite fails the check in
 * compliance.spec.ts.
 */
export function describeHandler(
  handler: Type<{ handle(payload: never, context: HandlerContext): Promise<Outgoing[]> }>,
  options: ComplianceOptions,
): void {
  describe(`${handler.name}, as every handler`, () => {
    const { db, deliver } = handlerHarness(handler, options);

    it('changes nothing when the same message is delivered again', async () => {
      const message = await options.example(db());
      const messageId = randomUUID();
      const first = await deliver(message, { messageId });
      expect(first).toMatchObject({ outcome: 'handled', error: undefined });
      const before = await contents(db());

      const again = await deliver(message, { messageId });

      expect(again).toMatchObject({ outcome: 'duplicate', published: [] });
      expect(await contents(db())).toEqual(before);
    });

    it('leaves nothing behind when it fails', async () => {
      const message = await options.example(db());
      const before = await contents(db(), options.keepsRecordsIn);

      const delivery = await deliver(message, {
        invoke: async (handle) => {
          await handle();
          throw new Error('the plug was pulled');
        },
      });

      expect(delivery.outcome).toBe('retry');
      expect(await contents(db(), options.keepsRecordsIn)).toEqual(before);
    });

    it('gives up at once on a payload outside its contract', async () => {
      const message = await options.example(db());

      const delivery = await deliver(message, { body: Buffer.from('{"unexpected":true}') });

      expect(delivery).toMatchObject({
        outcome: 'dead-letter',
        error: { code: 'messaging.malformed-message' },
      });
    });

    it('carries the correlation to what it sends', async () => {
      const message = await options.example(db());
      const messageId = randomUUID();
      const correlationId = randomUUID();

      const { published } = await deliver(message, { messageId, correlationId });

      const sent: { correlation: string }[] = await db().query(
        `select properties ->> 'correlationId' as correlation from outbox_message
          where headers ->> 'x-causation-id' = $1`,
        [messageId],
      );
      expect(sent.map(({ correlation }) => correlation)).toEqual(
        published.map(() => correlationId),
      );
    });
  });
}

/** A fingerprint of every table of the service's schema, to tell whether anything changed. */
async function contents(db: DataSource, except: string[] = []): Promise<Record<string, string>> {
  const tables: { name: string }[] = await db.query(
    `select tablename as name from pg_tables where schemaname = current_schema() order by tablename`,
  );
  const fingerprints: Record<string, string> = {};
  for (const { name } of tables.filter((table) => !except.includes(table.name))) {
    const [row]: { fingerprint: string }[] = await db.query(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '' order by t::text)), '') as fingerprint
         from "${name}" t`,
    );
    fingerprints[name] = row?.fingerprint ?? '';
  }
  return fingerprints;
}
