import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { MailSink } from './mail-sink.mts';

const connections = 16;

/** Posts so many e-mails over 16 connections; answers the seconds from the first request until the relay has taken the last. */
export async function measureEmails(
  gateway: { url: string; apiKey: string },
  sink: MailSink,
  count: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const taken = sink.taken(count);
  const startedAt = performance.now();
  let next = 0;
  const postSome = async (): Promise<void> => {
    while (next < count) await postEmail(gateway, agent, ++next);
  };
  await Promise.all(Array.from({ length: connections }, postSome));
  await taken;
  agent.destroy();
  return (performance.now() - startedAt) / 1000;
}

function postEmail(
  { url, apiKey }: { url: string; apiKey: string },
  agent: Agent,
  number: number,
): Promise<void> {
  const body = JSON.stringify({
    to: `reader-${number}@example.test`,
    subject: `Number ${number}`,
    text: 'Your order is on its way.',
  });
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'idempotency-key': randomUUID(),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/emails`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      const isAccepted = answer.statusCode === 202;
      answer.once('end', () =>
        isAccepted ? resolve() : reject(new Error(`An e-mail was answered ${answer.statusCode}.`)),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
