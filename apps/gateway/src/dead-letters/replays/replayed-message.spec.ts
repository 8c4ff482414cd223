import { EmailSent } from '@offload/contracts';
import { replayedMessage, type ReplayedRow } from './replayed-message.js';

const item = '0198d0e4-0000-7000-8000-00000000000a';
const original = '0198d0e4-0000-7000-8000-00000000000b';
const fresh = '0198d0e4-0000-7000-8000-00000000000c';
const copy = '0198d0e4-0000-7000-8000-00000000000d';
const emailId = '0198d0e4-0000-7000-8000-00000000000e';

describe(replayedMessage, () => {
  it('keeps the id and starts again, with nothing of earlier failures and of the broker’s history', () => {
    const message = replayedMessage(aRow(), () => fresh);

    expect(message).toMatchObject({
      exchange: '',
      routingKey: 'notifier.send-email',
      messageId: original,
    });
    expect(message.headers).toEqual({
      'ce-subject': 'email:1',
      'x-attempt': 1,
      'x-replays': 3,
      'x-replay-item': item,
    });
  });

  it('gives an id to what has none that can be used', () => {
    expect(replayedMessage(aRow({ original_id: null }), () => fresh).messageId).toBe(fresh);
    expect(replayedMessage(aRow({ original_id: 'x' }), () => fresh).messageId).toBe(fresh);
  });

  it('writes the id as the database does, so that its inbox and its outcome are found', () => {
    const row = aRow({ original_id: original.toUpperCase() });

    expect(replayedMessage(row, () => fresh).messageId).toBe(original);
  });

  it('sends a copy under its own id, as the copy of the original, about what it speaks of', () => {
    const { payload } = EmailSent({
      emailId,
      messageIdHeader: '<a@b>',
      attempt: 1,
      response: '250',
      refused: [],
      sentAt: '2026-01-01T00:00:00Z',
    });
    const body = Buffer.from(JSON.stringify(payload));

    const message = replayedMessage(aRow({ edited_body: body, edited_id: copy }), () => fresh);

    expect(message).toMatchObject({ messageId: copy, body });
    expect(message.headers).toMatchObject({
      'x-edit-of': original,
      'ce-subject': `email:${emailId}`,
    });
  });
});

function aRow(fields: Partial<ReplayedRow> = {}): ReplayedRow {
  return {
    item_id: item,
    dead_letter_id: '0198d0e4-0000-7000-8000-00000000000f',
    exchange: '',
    routing_key: 'notifier.send-email',
    original_id: original,
    properties: { type: EmailSent.type },
    headers: {
      'ce-subject': 'email:1',
      'x-attempt': 8,
      'x-death': [{}],
      'x-delivery-count': 2,
      'x-failure-code': 'x',
      'x-replay-item': 'an earlier one',
    },
    body: Buffer.from('{}'),
    replays: 2,
    edited_body: null,
    edited_id: null,
    ...fields,
  };
}
