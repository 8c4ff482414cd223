import { connect, type ConsumeMessage } from 'amqplib';
import pg from 'pg';
import { v7 } from 'uuid';
import { insertNote, type Measured, Noted, type Plan, queue, schema } from './plan.mts';

/**
 * What somebody would write by hand: consume, one transaction with the same three rows, acknowledge.
 * Nothing is checked, nothing is tried again, and nobody sends what is in the outbox.
 */
export async function runRaw(plan: Plan): Promise<Measured> {
  const pool = new pg.Pool({
    connectionString: plan.databaseUrl,
    max: plan.prefetch,
    options: `-c search_path=${schema}`,
  });
  const connection = await connect(plan.rabbitmqUrl);
  const channel = await connection.createChannel();
  await channel.prefetch(plan.prefetch);
  let startedAt = 0;
  let handled = 0;

  await new Promise<void>((resolve, reject) => {
    const take = async (message: ConsumeMessage): Promise<void> => {
      await handle(pool, message);
      channel.ack(message);
      handled += 1;
      if (handled === plan.messages) resolve();
    };
    channel
      .consume(queue, (message) => {
        startedAt ||= performance.now();
        if (message) take(message).catch(reject);
      })
      .catch(reject);
  });
  const handledMs = performance.now() - startedAt;
  await connection.close();
  await pool.end();
  return { handledMs };
}

async function handle(pool: pg.Pool, message: ConsumeMessage): Promise<void> {
  const { text } = JSON.parse(message.content.toString('utf8')) as { text: string };
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('insert into inbox_message (message_id, queue) values ($1, $2)', [
      message.properties.messageId,
      queue,
    ]);
    await client.query(insertNote, [text]);
    await client.query(
      `insert into outbox_message (message_id, exchange, routing_key, properties, headers, body)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        v7(),
        'offload.events',
        Noted.type,
        JSON.stringify({ type: Noted.type, contentType: 'application/json' }),
        JSON.stringify(message.properties.headers),
        Buffer.from(JSON.stringify({ text })),
      ],
    );
    await client.query('commit');
  } finally {
    client.release();
  }
}
