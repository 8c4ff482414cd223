import type { ColumnType } from '@offload/contracts';
import { SQL_TYPES } from './row-column.js';

/** Values that a statement has, kept apart from its text. */
export interface SqlValues {
  /** Keeps a value and answers what stands for it in the statement. */
  add(value: string, type: ColumnType): string;
}

/** Values that are parameters of the statement. */
export class ParameterValues implements SqlValues {
  readonly parameters: string[] = [];

  add(value: string, type: ColumnType): string {
    this.parameters.push(value);
    return `$${this.parameters.length}::${SQL_TYPES[type]}`;
  }
}

/**
 * Values that are settings of the transaction: COPY takes no parameters, and text that is never part of a statement
 * cannot change what the statement means.
 */
export class SettingValues implements SqlValues {
  readonly settings: { name: string; value: string }[] = [];

  add(value: string, type: ColumnType): string {
    const name = `offload.value_${this.settings.length}`;
    this.settings.push({ name, value });
    return `current_setting('${name}')::${SQL_TYPES[type]}`;
  }
}
