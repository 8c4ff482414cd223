import { InvalidArgumentError } from 'commander';

const secondsOf: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const dateTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * A point in time as RFC 3339 in UTC: `2h`, `1d12h` or `90m` before now, or a date with or without a
 * time, in the local zone unless it names one. Throws InvalidArgumentError.
 */
export function parseMoment(text: string, now: Date): string {
  if (dateTime.test(text) && !Number.isNaN(Date.parse(text))) {
    // ECMAScript reads a date alone as UTC, and one with a time as local.
    return new Date(text.length === 10 ? `${text}T00:00` : text).toISOString();
  }
  return new Date(now.getTime() - 1000 * parseSpan(text)).toISOString();
}

/** `90`, `90s`, `2h`, `1d12h` in seconds. Throws InvalidArgumentError. */
export function parseSpan(text: string): number {
  if (!/^(\d+(\.\d+)?[smhdw])+$/.test(text)) {
    throw new InvalidArgumentError(
      'Give a span like 30m, 2h, 1d12h, or a time like 2026-11-22T08:00Z.',
    );
  }
  const parts = text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g);
  return [...parts].reduce(
    (sum, [, count, unit = 's']) => sum + Number(count) * (secondsOf[unit] ?? 0),
    0,
  );
}
