import { createHash } from 'node:crypto';
import type { GroupKind } from '@offload/contracts/http';
import { unrouted, workerDied } from '@offload/messaging';
import { normaliseText } from '@offload/platform';
import { storableText } from '../database/storable.js';
import { ownFrame } from './own-frame.js';

/**
 * The version of the rule. Raise it with every change here, in own-frame.ts or in `normaliseText` that gives
 * some dead letter another fingerprint: those that are stored are then put into their groups again.
 */
export const fingerprintVersion = 1;

/** What the rule looks at, as the columns of a dead letter have it. */
export interface DeadLetterFacts {
  queue: string | null;
  message_type: string | null;
  routing_key: string;
  failure_code: string;
  failure_class: string;
  failure_message: string;
  failure_stack: string | null;
}

/** The group that a dead letter belongs to, and how that is told to people. */
export interface Fingerprint {
  version: number;
  /** The same for those that failed for the same reason. */
  fingerprint: string;
  kind: GroupKind;
  /** One line. */
  title: string;
  code: string;
  class: string;
  messageType: string | null;
  /** The first line of the stack that is our own code. */
  frame: string | null;
}

/**
 * Says what a dead letter has in common with others: the kind, and
 *
 * - of a failure: message type, class, code, own first stack frame, and the message without ids, numbers and
 *   quoted values;
 * - of a worker that died over it, which leaves no reason: queue and message type;
 * - of an unrouted one: message type, or the routing key when it has no type.
 *
 * Takes any text, of any length.
 */
export function fingerprintOf(facts: DeadLetterFacts): Fingerprint {
  const { kind, title, parts, frame } = described(facts);
  return {
    version: fingerprintVersion,
    fingerprint: createHash('sha256')
      .update(JSON.stringify([kind, ...parts]))
      .digest('hex'),
    kind,
    title: short(title, 300),
    code: facts.failure_code,
    class: facts.failure_class,
    messageType: facts.message_type,
    frame,
  };
}

interface Described extends Pick<Fingerprint, 'kind' | 'title' | 'frame'> {
  parts: (string | null)[];
}

function described(facts: DeadLetterFacts): Described {
  const { queue, message_type: messageType, failure_code: code } = facts;
  if (code === unrouted && queue === null) {
    const what = messageType ?? facts.routing_key;
    return { kind: 'unrouted', title: `No queue takes ${what}`, parts: [what], frame: null };
  }
  if (code === workerDied) {
    const title = `Workers died over ${messageType ?? 'a message'} in ${queue ?? 'an unknown queue'}`;
    return { kind: 'worker_died', title, parts: [queue, messageType], frame: null };
  }
  return describedFailure(facts);
}

function describedFailure(facts: DeadLetterFacts): Described {
  const { failure_code: code, failure_class: name, failure_message: message } = facts;
  const own = facts.failure_stack === null ? undefined : ownFrame(facts.failure_stack, message);
  const frame = own === undefined ? null : short(own, 500);
  const text = normaliseText(message);
  return {
    kind: 'failure',
    title: `${name}: ${text === '' ? code : text}`,
    parts: [facts.message_type, name, code, frame, text],
    frame,
  };
}

/** The cut can go through a character; what is left of it no column takes. */
function short(text: string, longest: number): string {
  return text.length <= longest ? text : storableText(`${text.slice(0, longest - 1)}…`);
}
