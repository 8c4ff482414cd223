import { findContract } from '@offload/contracts';
import type { FieldError } from '@offload/contracts/http';
import { AppError } from '@offload/platform';
import { createPatch, type Operation } from 'rfc6902';
import { bodyPointer, validate } from '../../http/validate.js';
import { MessageUnfit } from './replays.errors.js';

export interface EditedCopy {
  messageType: string;
  body: Buffer;
  /** JSON Patch (RFC 6902) from the original to the copy. */
  diff: Operation[];
}

/**
 * The copy that takes the place of a message: it fits the contract of its type, and differs.
 *
 * Throws MessageUnfit, which names every wrong field by its place in the request.
 */
export function editedCopy(
  { messageType, body: original }: { messageType: string | null; body: Buffer },
  payload: unknown,
): EditedCopy {
  const contract = findContract(messageType ?? '');
  if (!contract)
    throw new MessageUnfit(
      `The message type ${messageType ?? '(none)'} is not in the catalogue, so a copy cannot be checked.`,
    );
  check(() => validate(contract.schema, payload, (path) => bodyPointer(['body', ...path])));
  const diff = differenceOf(original, payload);
  if (diff.length === 0)
    throw new MessageUnfit('The copy is the same as the original. Replay that.');
  return { messageType: contract.type, body: Buffer.from(JSON.stringify(payload)), diff };
}

function check(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const errors = error.details['errors'] as FieldError[] | undefined;
    throw new MessageUnfit(`It does not fit its contract. ${error.message}`, errors);
  }
}

/** Of an original that is not JSON nothing can be kept. */
function differenceOf(original: Buffer, payload: unknown): Operation[] {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(original);
    return createPatch(JSON.parse(text), payload);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return [{ op: 'replace', path: '', value: payload }];
  }
}
