const grouped = new Intl.NumberFormat('en-GB');

/** `12 345` is hard to copy, `12,345` is read at a glance. */
export function figure(value: number): string {
  return grouped.format(value);
}

/** A number, or a dash when nobody knows. */
export function figureOrDash(value: number | null, unit = ''): string {
  return value === null ? '–' : `${figure(Math.round(value * 10) / 10)}${unit}`;
}

/** One or many of a thing: `1 message`, `312 messages`. */
export function plural(count: number, thing: string): string {
  return `${figure(count)} ${thing}${count === 1 ? '' : 's'}`;
}

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1.4 MiB`. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), sizes.length - 1);
  const scaled = value / 1024 ** power;
  return `${power === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${sizes[power]}`;
}
