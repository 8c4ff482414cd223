import type { AuditedMessage, AuditOperation } from '@offload/contracts/http';

/** Of the Elastic Common Schema whose field names these are. */
const ecsVersion = '9.0.0';

/**
 * An operation in the fields of the Elastic Common Schema, for systems that collect such events. What ECS
 * has no field for stands under `offload`, the proper name that keeps it apart from fields to come.
 */
export function operationLine(operation: AuditOperation): Record<string, unknown> {
  const { id, action, count, target, incident, selection, details } = operation;
  return withoutNothing({
    ...common(operation),
    '@timestamp': operation.at,
    event: { ...event(operation), id, action, outcome: operation.outcome },
    message: sentence(operation),
    labels: labels(operation),
    offload: { operation: { id, count, target, incident, selection, details } },
  });
}

/** One message that the operation has touched; it has the actor and the request of the operation. */
export function messageLine(
  operation: AuditOperation,
  { action, at, dead_letter_id, message_id }: AuditedMessage,
  cursor: string,
): Record<string, unknown> {
  return withoutNothing({
    ...common(operation),
    '@timestamp': at,
    event: { ...event(operation), id: `${operation.id}/${cursor}`, action, outcome: 'success' },
    message: `${actor(operation)}: ${action} of message ${message_id ?? 'without an id'}`,
    labels: labels(operation),
    offload: {
      operation: { id: operation.id },
      dead_letter: { id: dead_letter_id },
      message: { id: message_id },
    },
  });
}

function common({ key_id, key_name, tenant_id, request_id }: AuditOperation) {
  return {
    ecs: { version: ecsVersion },
    user: { id: key_id, name: key_name },
    organization: { id: tenant_id },
    http: { request: { id: request_id } },
  };
}

/** ECS on the categories: "should be left empty" when none fits, as for what nobody has called. */
function event({ key_id, reason }: AuditOperation) {
  const category = key_id === null ? null : ['api'];
  return { kind: 'event', category, type: ['admin', 'change'], reason };
}

/** ECS: "Should not contain nested objects. All values are stored as keyword." */
function labels({ incident, target }: AuditOperation) {
  return { incident, target };
}

function sentence(operation: AuditOperation): string {
  const { action, count, target, reason } = operation;
  const what = target === null ? `${count} ${count === 1 ? 'message' : 'messages'}` : target;
  return `${actor(operation)}: ${action} of ${what}${reason === null ? '' : ` (${reason})`}`;
}

function actor({ key_id, key_name }: AuditOperation): string {
  return key_id === null ? 'The system' : `Key ${key_name ?? key_id}`;
}

/** Fields without a value are left out, and then objects without a field. */
function withoutNothing(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      if (value === null || value === undefined) return [];
      if (typeof value !== 'object' || Array.isArray(value)) return [[name, value]];
      const inner = withoutNothing(value as Record<string, unknown>);
      return Object.keys(inner).length === 0 ? [] : [[name, inner]];
    }),
  );
}
