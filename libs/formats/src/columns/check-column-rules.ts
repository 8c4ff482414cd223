import type { ColumnType, DatasetColumn } from '@offload/contracts';
import { checkValue } from '../csv/validate-value.js';
import { compareValues } from './compare-values.js';
import { type DatasetProblem, listed, problem } from './dataset-problem.js';

/** Tells which rules of a column contradict its type or themselves. */
export function checkColumnRules(column: DatasetColumn, path: Path): DatasetProblem[] {
  const misfits = findMisfits(column, path);
  if (misfits.length > 0) return misfits;
  return [
    ...checkRange(column, [...path, 'range']),
    ...checkLength(column, [...path, 'length']),
    ...checkEnum(column, [...path, 'enum']),
    ...checkPattern(column, [...path, 'pattern']),
  ];
}

type Path = DatasetProblem['path'];

/** Which types a rule can be a rule for. */
const FITTING: Record<'pattern' | 'length' | 'range' | 'enum', ColumnType[]> = {
  pattern: ['text'],
  length: ['text'],
  range: ['bigint', 'numeric', 'double', 'date', 'timestamptz'],
  enum: ['text', 'bigint', 'numeric', 'double', 'boolean', 'date', 'timestamptz', 'uuid'],
};

/** What can be filled by the database, by how it is. */
const GENERATED: Record<'uuid' | 'now', ColumnType[]> = {
  uuid: ['uuid'],
  now: ['timestamptz', 'date'],
};

function findMisfits(column: DatasetColumn, path: Path): DatasetProblem[] {
  const { name, type, generated } = column;
  const rules = (['pattern', 'range', 'length', 'enum'] as const).filter(
    (rule) => column[rule] !== undefined,
  );
  if (!generated) {
    return rules
      .filter((rule) => !FITTING[rule].includes(type))
      .map((rule) => {
        const message = `“${name}” is of type ${type}; a rule of the kind ${rule} is for ${listed(FITTING[rule], 'and')}.`;
        return problem('rule_does_not_fit', [...path, rule], message);
      });
  }
  const ruled = rules.map((rule) => {
    const message = `“${name}” is filled by the database, so it cannot have a rule of the kind ${rule}.`;
    return problem('rule_does_not_fit', [...path, rule], message);
  });
  if (GENERATED[generated].includes(type)) return ruled;
  const message = `“${name}” is of type ${type}; what is generated as ${generated} is of type ${listed(GENERATED[generated], 'or')}.`;
  return [...ruled, problem('rule_does_not_fit', [...path, 'generated'], message)];
}

function checkRange({ name, type, range }: DatasetColumn, path: Path): DatasetProblem[] {
  if (!range) return [];
  const { min, max } = range;
  if (min === undefined && max === undefined) {
    return [problem('invalid_bound', path, withoutBounds('range', name))];
  }
  const complaints = Object.entries(range).flatMap(([side, bound]) => {
    const message = bound === undefined ? undefined : complainOfBound(name, type, bound);
    return message ? [problem('invalid_bound', [...path, side], message)] : [];
  });
  if (complaints.length > 0 || min === undefined || max === undefined) return complaints;
  if ((compareValues(type, String(min), String(max)) ?? 0) <= 0) return [];
  const message = `The range of “${name}” begins behind its end: ${min} is more than ${max}.`;
  return [problem('invalid_bound', path, message)];
}

function withoutBounds(rule: string, name: string): string {
  return `The ${rule} of “${name}” has no bound. Give \`min\`, \`max\` or both.`;
}

function complainOfBound(
  name: string,
  type: ColumnType,
  bound: number | string,
): string | undefined {
  const isOfNumbers = type === 'bigint' || type === 'numeric' || type === 'double';
  if (typeof bound === 'number' && !isOfNumbers) {
    return `“${name}” is of type ${type}, and ${bound} is a number. ${HINTS[type] ?? ''}`.trim();
  }
  if (typeof bound === 'number' && type !== 'double' && Math.abs(bound) > Number.MAX_SAFE_INTEGER) {
    return `Numbers of JSON as large as ${bound} lose digits. Write the bound of “${name}” as a text.`;
  }
  return complainOfValue(name, type, String(bound));
}

function checkLength({ name, length }: DatasetColumn, path: Path): DatasetProblem[] {
  if (!length) return [];
  const { min, max } = length;
  if (min === undefined && max === undefined) {
    return [problem('invalid_bound', path, withoutBounds('length', name))];
  }
  if (min === undefined || max === undefined || min <= max) return [];
  const message = `No text of “${name}” can have at least ${min} and at most ${max} characters.`;
  return [problem('invalid_bound', path, message)];
}

function checkEnum({ name, type, enum: values }: DatasetColumn, path: Path): DatasetProblem[] {
  return (values ?? []).flatMap((value, index) => {
    const message = complainOfValue(name, type, value);
    return message ? [problem('invalid_enum', [...path, index], message)] : [];
  });
}

/** Only what needs no interpretation can be a rule: `01/02/2024` is another day on another server. */
function complainOfValue(name: string, type: ColumnType, value: string): string | undefined {
  const checked = checkValue(type, value);
  if (checked === 'ok' && value.isWellFormed()) return undefined;
  const reason =
    typeof checked === 'object' ? checked.message : `“${value}” can be read in several ways.`;
  return `A rule of “${name}” cannot be kept. ${reason} ${HINTS[type] ?? ''}`.trim();
}

const HINTS: Partial<Record<ColumnType, string>> = {
  bigint: 'Write whole numbers like 1500.',
  numeric: 'Write numbers like 1500.25.',
  double: 'Write numbers like 1500.25.',
  date: 'Write dates like "2026-01-31".',
  timestamptz: 'Write times like "2026-01-31T12:00:00Z".',
};

function checkPattern({ name, pattern }: DatasetColumn, path: Path): DatasetProblem[] {
  if (pattern === undefined || (!pattern.includes('\0') && pattern.isWellFormed())) return [];
  const message = `The pattern of “${name}” has characters that no text can have.`;
  return [problem('invalid_pattern', path, message)];
}
