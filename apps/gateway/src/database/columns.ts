import type { ValueTransformer } from 'typeorm';

/** `bigint` comes from the driver as text; ours count bytes and rows, which a number holds exactly. */
export const asNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? value : Number(value)),
};
