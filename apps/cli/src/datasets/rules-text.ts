import type { DatasetResource } from '@offload/contracts/http';

type Column = DatasetResource['columns'][number];

/** What a column asks of its values, in few words. */
export function rulesText({ pattern, range, length, enum: values, generated }: Column): string {
  return [
    range && between(range),
    length && `${between(length)} characters`,
    values && `one of ${values.join(', ')}`,
    pattern && `matches ${pattern}`,
    generated && `filled with ${generated === 'uuid' ? 'a UUID' : 'the time'}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function between({
  min,
  max,
}: {
  min?: string | number | undefined;
  max?: string | number | undefined;
}): string {
  if (min === undefined) return `at most ${max}`;
  if (max === undefined) return `at least ${min}`;
  return min === max ? `exactly ${min}` : `${min} to ${max}`;
}
