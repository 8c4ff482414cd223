import { InvalidArgumentError } from 'commander';

export type KeyValues = Readonly<Record<string, unknown>>;

/** How the value of each name is read; the reader throws InvalidArgumentError. */
export type Readers = Readonly<Record<string, (text: string) => unknown>>;

/** Collects `name=value`, an option that may be repeated. Throws InvalidArgumentError. */
export function keyValues(readers: Readers): (text: string, earlier?: KeyValues) => KeyValues {
  return (text, earlier = {}) => {
    const [, name = '', value = ''] = /^([a-z]+)=(.*)$/s.exec(text) ?? [];
    const read = readers[name];
    if (read) return { ...earlier, [name]: read(value) };
    throw new InvalidArgumentError(
      `Give name=value, with one of these names: ${Object.keys(readers).join(', ')}.`,
    );
  };
}

/** A text; `\t` is a tab. Throws InvalidArgumentError for none. */
export function word(text: string): string {
  if (text === '') throw new InvalidArgumentError('The value is missing.');
  return text.replaceAll(String.raw`\t`, '\t');
}

/** The same, or `none`. */
export function wordOrNone(text: string): string | null {
  return text === 'none' ? null : word(text);
}

/** Words with commas between them. */
export function words(text: string): string[] {
  return text.split(',').map((each) => each.trim());
}

/** Collects lists of words, of an option that may be repeated. */
export function wordLists(text: string, earlier: string[][] = []): string[][] {
  return [...earlier, words(text)];
}

/** `true` or `false`. Throws InvalidArgumentError. */
export function yesOrNo(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new InvalidArgumentError('Give true or false.');
}
