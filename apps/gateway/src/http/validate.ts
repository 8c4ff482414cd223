import type { FieldError } from '@offload/contracts/http';
import { AppError } from '@offload/platform';
import type { z } from 'zod';

/** The request does not fit its schema; every wrong field is named. */
export class ValidationFailed extends AppError {
  constructor(errors: readonly FieldError[]) {
    const areUnknown = errors.every(({ code }) => code === 'unknown_field');
    super(areUnknown ? 'unknown_field' : 'validation_failed', sentence(errors), {
      details: { errors },
    });
  }
}

/**
 * What the schema makes of a value; throws ValidationFailed. `at` turns a path into a pointer.
 *
 * NUL and lone surrogates are refused in every string: PostgreSQL can store neither in text or JSON.
 */
export function validate<S extends z.ZodType>(
  schema: S,
  value: unknown,
  at: (path: readonly PropertyKey[]) => string,
): z.output<S> {
  const unstorable = findUnstorable(value, []);
  if (unstorable) {
    const detail = 'Text must not contain NUL or unpaired surrogates.';
    throw new ValidationFailed([{ pointer: at(unstorable), code: 'invalid_text', detail }]);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ValidationFailed(parsed.error.issues.flatMap((issue) => fieldErrors(issue, at)));
}

/** RFC 6901: JSON Pointer. */
export function bodyPointer(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

export function queryPointer(path: readonly PropertyKey[]): string {
  return `?${path.map(String).join('.')}`;
}

type Issue = z.core.$ZodIssue;

function fieldErrors(issue: Issue, at: (path: readonly PropertyKey[]) => string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: at([...issue.path, key]),
      code: 'unknown_field',
      detail: `There is no field “${key}” here.`,
    }));
  }
  if (issue.code === 'invalid_union') {
    return closestBranch(issue.errors).flatMap((inner) =>
      fieldErrors({ ...inner, path: [...issue.path, ...inner.path] }, at),
    );
  }
  return [{ pointer: at(issue.path), code: codeOf(issue), detail: detailOf(issue) }];
}

/** Of the branches of a union, the one that at least has the right type, and among those the first. */
function closestBranch(branches: readonly Issue[][]): Issue[] {
  const hasRightType = (issues: Issue[]): boolean =>
    !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
  return branches.find(hasRightType) ?? branches[0] ?? [];
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.input === undefined && issue.path.length > 0;
}

function codeOf(issue: Issue): string {
  const given = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  if (typeof given === 'string') return given;
  return isMissing(issue) ? 'required' : issue.code;
}

function detailOf(issue: Issue): string {
  return isMissing(issue) ? 'This field is required.' : issue.message;
}

function sentence(errors: readonly FieldError[]): string {
  const [first] = errors;
  if (!first) return 'The request is not valid.';
  const place = first.pointer === '' ? 'The body' : first.pointer;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${place}: ${first.detail}${more}`;
}

function findUnstorable(value: unknown, path: PropertyKey[]): PropertyKey[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = isStorable(key) ? findUnstorable(inner, [...path, key]) : path;
    if (found) return found;
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
