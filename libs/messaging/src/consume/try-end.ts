import { describeError, isPermanent } from '@offload/platform';
import type { TryEnd } from './brake.js';
import type { DeliveryResult } from './delivery.js';
import { cut } from './failure.js';
import type { Registration } from './handles.decorator.js';

/**
 * What the brake reads of a delivery.
 *
 * A permanent failure says nothing: a payload that does not fit never came to need the database. One
 * that the handler calls its message's own affair says as much as a success: what the handler needs
 * was there to refuse it.
 */
export function tryEndOf(
  { outcome, error, messageId }: DeliveryResult,
  { brakeOn }: Registration,
): TryEnd {
  if (outcome === 'handled') return { says: 'works' };
  if (outcome === 'duplicate' || isPermanent(error)) return { says: 'nothing' };
  if (brakeOn && !brakeOn(error)) return { says: 'works' };
  const { name, code, message } = describeError(error);
  return {
    says: 'fails',
    messageId,
    failure: { class: name, code, message: cut(message, 500) },
  };
}
