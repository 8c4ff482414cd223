import type { AuditedMessage, AuditOperation } from '@offload/contracts/http';
import { messageLine, operationLine } from './ecs-lines.js';

describe(operationLine, () => {
  it('has the names of the Elastic Common Schema, and ours apart from them', () => {
    expect(operationLine(operation)).toEqual({
      '@timestamp': operation.at,
      ecs: { version: '9.0.0' },
      event: {
        id: operation.id,
        kind: 'event',
        category: ['api'],
        type: ['admin', 'change'],
        action: 'dead_letter.discard',
        outcome: 'success',
        reason: 'Known.',
      },
      message: 'Key ops: dead_letter.discard of 2 messages (Known.)',
      user: { id: operation.key_id, name: 'ops' },
      organization: { id: operation.tenant_id },
      http: { request: { id: 'request-1' } },
      labels: { incident: 'INC-1' },
      offload: {
        operation: {
          id: operation.id,
          count: 2,
          incident: 'INC-1',
          selection: { filter: { queue: 'a' } },
        },
      },
    });
  });

  it('leaves out what there is not', () => {
    const line = operationLine({ ...operation, ...nobody, selection: null, incident: null });

    expect(Object.keys(line)).toEqual(['ecs', '@timestamp', 'event', 'message', 'offload']);
    expect(line['message']).toBe('The system: dead_letter.discard of 2 messages (Known.)');
    expect(line['event']).not.toHaveProperty('category');
  });
});

describe(messageLine, () => {
  it('tells one message with the actor of its operation', () => {
    expect(messageLine(operation, message, '7')).toMatchObject({
      '@timestamp': message.at,
      event: { id: `${operation.id}/7`, action: 'dead_letter.discard', outcome: 'success' },
      user: { name: 'ops' },
      offload: {
        operation: { id: operation.id },
        dead_letter: { id: message.dead_letter_id },
        message: { id: 'message-1' },
      },
    });
  });
});

const operation: AuditOperation = {
  id: '0198d0e4-0000-7000-8000-000000000001',
  object: 'audit_operation',
  action: 'dead_letter.discard',
  key_id: '0198d0e4-0000-7000-8000-000000000002',
  key_name: 'ops',
  tenant_id: '0198d0e4-0000-7000-8000-000000000003',
  request_id: 'request-1',
  target: null,
  incident: 'INC-1',
  reason: 'Known.',
  selection: { filter: { queue: 'a' } },
  count: 2,
  outcome: 'success',
  details: {},
  at: '2026-01-01T00:00:00.000Z',
};

const nobody = { key_id: null, key_name: null, tenant_id: null, request_id: null };

const message: AuditedMessage = {
  object: 'audited_message',
  operation_id: operation.id,
  dead_letter_id: '0198d0e4-0000-7000-8000-000000000004',
  message_id: 'message-1',
  action: 'dead_letter.discard',
  at: '2026-01-01T00:00:01.000Z',
};
