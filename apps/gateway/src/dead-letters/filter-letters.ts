import type {
  DeadLetterFilter,
  DeadLetterSelection,
  DeadLetterState,
} from '@offload/contracts/http';
import { EmptyFilter } from './dead-letters.errors.js';

/** A condition in SQL over the alias `letter`, and the values of its parameters. */
export interface Conditions {
  sql: string;
  parameters: unknown[];
}

/** A filter as it comes from a list, where the state is one of its members. */
export type LetterFilter = DeadLetterFilter & { state?: DeadLetterState | undefined };

/**
 * What a filter says of a dead letter; an empty one says nothing, so all of them match.
 *
 * The parameters are numbered from `firstParameter`. (Default: 1)
 */
export function letterConditions(filter: LetterFilter, firstParameter = 1): Conditions {
  const conditions: string[] = [];
  const parameters: unknown[] = [];
  for (const [member, condition] of members) {
    const value = filter[member];
    if (value === undefined) continue;
    conditions.push(condition(`$${firstParameter + parameters.length}`));
    parameters.push(parameterOf(member, value));
  }
  return { sql: conditions.length === 0 ? 'true' : conditions.join(' and '), parameters };
}

/** Whether it would match every dead letter there is. */
export function isEmptyFilter(filter: LetterFilter): boolean {
  return members.every(([member]) => filter[member] === undefined);
}

/**
 * Which dead letters are meant by somebody who acts on many: those of the filter, those with the ids,
 * or, when both are given, those of the ids that the filter leaves.
 *
 * Throws EmptyFilter: nobody acts on everything by leaving something out.
 */
export function selectionConditions(
  { filter = {}, ids }: DeadLetterSelection,
  firstParameter = 1,
): Conditions {
  if (ids === undefined && isEmptyFilter(filter)) throw new EmptyFilter();
  const { sql, parameters } = letterConditions(filter, firstParameter);
  if (ids === undefined) return { sql, parameters };
  const byId = `letter.id = any($${firstParameter + parameters.length}::uuid[])`;
  return { sql: `${sql} and ${byId}`, parameters: [...parameters, ids] };
}

type Condition = (parameter: string) => string;

const members: readonly (readonly [keyof LetterFilter, Condition])[] = [
  ['state', (parameter) => `letter.state = ${parameter}`],
  ['group', (parameter) => `letter.group_id = ${parameter}::uuid`],
  ['queue', (parameter) => `letter.queue = ${parameter}`],
  ['message_type', (parameter) => `letter.message_type = ${parameter}`],
  ['service', (parameter) => `letter.failure_service = ${parameter}`],
  ['code', (parameter) => `letter.failure_code = ${parameter}`],
  ['tenant', (parameter) => `letter.tenant_id = ${parameter}::uuid`],
  ['text', (parameter) => `letter.search_text like ${parameter}`],
  ['failed_after', (parameter) => `letter.failed_at >= ${parameter}::timestamptz`],
  ['failed_before', (parameter) => `letter.failed_at < ${parameter}::timestamptz`],
  ['replays_min', (parameter) => `letter.replays >= ${parameter}::bigint`],
  ['replays_max', (parameter) => `letter.replays <= ${parameter}::bigint`],
];

function parameterOf(member: keyof LetterFilter, value: unknown): unknown {
  if (member === 'text') return containing(String(value));
  // PostgreSQL does not read every time that RFC 3339 allows; the driver writes what it reads.
  return member.startsWith('failed_') ? new Date(String(value)) : value;
}

/** A pattern of `like` in which the text stands for itself. What is searched is in lower case. */
function containing(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
