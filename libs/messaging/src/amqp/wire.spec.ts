import type { Envelope } from '@offload/contracts';
import { type IncomingMessage, readEnvelope, writeEnvelope } from './wire.js';

const envelope: Envelope = {
  id: '0198d0e4-0000-7000-8000-00000000000a',
  source: 'gateway',
  type: 'ingest.start-import.v1',
  subject: 'import:1',
  time: '2026-01-02T03:04:05.678Z',
  tenantId: '0198d0e4-0000-7000-8000-000000000001',
  correlationId: 'request-1',
  causationId: '0198d0e4-0000-7000-8000-00000000000b',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  attempt: 3,
  replays: 1,
};

describe('the envelope on the wire', () => {
  it('comes back as it was written', () => {
    expect(readEnvelope(arrived(envelope))).toEqual(envelope);
  });

  it('counts a message without an attempt as the first', () => {
    const message = arrived(envelope);
    delete message.headers['x-attempt'];

    expect(readEnvelope(message).attempt).toBe(1);
  });

  it('refuses a message without an id and names what is missing', () => {
    const message = { ...arrived(envelope), messageId: undefined };

    expect(() => readEnvelope(message)).toThrow(/The envelope is incomplete \(id: /);
  });
});

function arrived(sent: Envelope): IncomingMessage {
  const { messageId, properties, headers } = writeEnvelope(sent);
  return {
    queue: 'q',
    exchange: '',
    routingKey: 'q',
    redelivered: false,
    messageId,
    properties,
    headers,
    body: Buffer.from('{}'),
  };
}
