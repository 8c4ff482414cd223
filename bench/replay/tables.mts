import type pg from 'pg';
import { v7 } from 'uuid';
import { builtMessaging } from '../lib/built.mts';
import { Note, queue, schema, tenantId, type Trouble } from './plan.mts';

/** The worker's schema: the tables of the road, and a row for everything it has done. */
export async function createWorkerTables(client: pg.Client): Promise<void> {
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.query(`create schema ${schema}`);
  await client.query(`set search_path to ${schema}`);
  type Runner = Parameters<ReturnType<typeof builtMessaging>['createMessagingTables']>[0];
  await builtMessaging().createMessagingTables(client as unknown as Runner);
  await client.query('create table note (message_id uuid not null, number int not null)');
}

/** What a measurement has left, and a checkpoint, so that none falls into the next. */
export async function tidyUp(client: pg.Client): Promise<void> {
  await client.query(`truncate ${schema}.note, ${schema}.inbox_message, ${schema}.outbox_message`);
  await client.query(`delete from gateway.dead_letter where queue = $1`, [queue]);
  await client.query('vacuum analyze gateway.dead_letter');
  await client.query('checkpoint');
}

export async function dropWorkerTables(client: pg.Client): Promise<void> {
  await client.query(`drop schema ${schema} cascade`);
}

/** A message as the road writes it, with an id that nobody has seen. */
export function aMessage(number: number, trouble: Trouble) {
  const { messageId, properties, headers } = builtMessaging().writeEnvelope({
    id: v7(),
    source: 'bench',
    type: Note.type,
    time: new Date().toISOString(),
    tenantId,
    correlationId: 'bench',
    attempt: 1,
    replays: 0,
  });
  const body = Buffer.from(JSON.stringify({ number, trouble }));
  return { messageId, properties, headers, body };
}

/** Dead letters of the worker's queue, as if they had failed just now. */
export async function insertDeadLetters(
  client: pg.Client,
  count: number,
  troubleOf: (number: number) => Trouble,
): Promise<void> {
  const groupId = v7();
  await client.query(
    `insert into gateway.dead_letter_group
       (id, fingerprint, fingerprint_version, kind, title, code, class, message_type)
     values ($1, $2, 0, 'failure', 'bench', 'bench.broken', 'PermanentError', $3)`,
    [groupId, groupId, Note.type],
  );
  const messages = Array.from({ length: count }, (_, index) => aMessage(index, troubleOf(index)));
  await client.query(
    `insert into gateway.dead_letter
       (id, state, message_id, queue, message_type, exchange, routing_key, properties, headers, body,
        failure_code, failure_class, failure_message, first_failed_at, failed_at, attempts, group_id)
     select gen_random_uuid(), 'open', message_id, $6, $7, '', $6, properties, headers, body,
            'bench.broken', 'PermanentError', 'It is broken.', now(), now(), 1, $5
       from unnest($1::text[], $2::jsonb[], $3::jsonb[], $4::bytea[])
            as message (message_id, properties, headers, body)`,
    [
      messages.map(({ messageId }) => messageId),
      messages.map(({ properties }) => JSON.stringify(properties)),
      messages.map(({ headers }) => JSON.stringify(headers)),
      messages.map(({ body }) => body),
      groupId,
      queue,
      Note.type,
    ],
  );
  await client.query('analyze gateway.dead_letter');
}

export interface Done {
  rows: number;
  /** More than one row of one message. */
  doubled: number;
}

export async function countDone(client: pg.Client): Promise<Done> {
  const { rows } = await client.query<{ rows: string; messages: string }>(
    `select count(*) as rows, count(distinct message_id) as messages from ${schema}.note`,
  );
  const all = Number(rows[0]?.rows);
  return { rows: all, doubled: all - Number(rows[0]?.messages) };
}
