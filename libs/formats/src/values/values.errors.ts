import type { ValueOptions } from '@offload/contracts';
import { FileRefused } from '../csv/csv.errors.js';

/** Two of the options for values cannot be true together. */
export class ValuesContradict extends FileRefused {
  constructor(reason: string) {
    super('values_contradict', `The options for values contradict each other: ${reason}.`);
  }
}

/** Throws ValuesContradict when a character or a word would mean two things. */
export function refuseContradictions({ decimal, thousands, trues, falses }: ValueOptions): void {
  if (decimal !== undefined && decimal === thousands) {
    throw new ValuesContradict(`“${decimal}” cannot separate both decimals and thousands`);
  }
  const no = new Set(falses?.map((word) => word.toLowerCase()));
  const both = trues?.find((word) => no.has(word.toLowerCase()));
  if (both !== undefined) {
    throw new ValuesContradict(`“${both}” cannot mean both true and false`);
  }
}
