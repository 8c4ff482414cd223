import { InvalidArgumentError } from 'commander';

/** For a whole number not below `least`. The parser throws InvalidArgumentError. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least}.`);
  };
}

/** For a number above zero. Throws InvalidArgumentError. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError('Give a number above zero.');
}

/** For a share: `0.2` or `20%`. Throws InvalidArgumentError. */
export function share(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (/^\d+(\.\d+)?%?$/.test(text) && value <= 1) return value;
  throw new InvalidArgumentError('Give a share like 0.2 or 20%.');
}

/** For a UUID. Throws InvalidArgumentError. */
export function uuid(text: string): string {
  if (isUuid(text)) return text.toLowerCase();
  throw new InvalidArgumentError('Give an id, as the lists show it.');
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Collects the ids of an argument that may be repeated. */
export function uuids(text: string, earlier: string[] = []): string[] {
  return [...earlier, uuid(text)];
}
