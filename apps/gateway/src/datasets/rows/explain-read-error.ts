import { describeError } from '@offload/platform';
import { NotFound } from '../../http/request-parts.js';
import { ValidationFailed } from '../../http/validate.js';
import { QueryTooSlow } from '../datasets.errors.js';

/** What an error of the database means for somebody who reads rows; the error itself where it means nothing. */
export function explainReadError(
  error: unknown,
  { name }: { name: string },
  timeoutMs: number,
): unknown {
  const { code, message } = describeError(error);
  // "query_canceled", by the limit on statements.
  if (code === '57014') return new QueryTooSlow(timeoutMs);
  // "undefined_table": dropped between the look at the dataset and the look at its rows.
  if (code === '42P01') return new NotFound('dataset', name);
  // "data_exception": a value that only PostgreSQL could judge.
  if (!/^22...$/.test(code)) return error;
  return new ValidationFailed([{ pointer: '?where', code: 'not_a_value', detail: `${message}.` }]);
}
