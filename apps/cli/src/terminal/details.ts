import type { Style } from './style.js';

/** Names and values below one another; what is undefined is left out. */
export function details(
  lines: readonly (readonly [name: string, value: string | undefined])[],
  style: Style,
): string {
  const given = lines.filter((line): line is [string, string] => line[1] !== undefined);
  const width = Math.max(...given.map(([name]) => name.length)) + 2;
  return given
    .map(([name, value]) => {
      const [first = '', ...rest] = value.split('\n');
      const indented = rest.map((line) => `\n${' '.repeat(width)}${line}`).join('');
      return `${style.faint(name.padEnd(width))}${first}${indented}`;
    })
    .join('\n');
}

/** A JSON value as a person reads it. */
export function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
