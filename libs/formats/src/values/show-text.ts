/** A value as a sentence for people begins with it: quoted, cut at 60 characters, a zero byte made visible. */
export function showText(text: string): string {
  if (text.trim() === '') return text === '' ? 'An empty text' : 'A blank text';
  const characters = Array.from(text.slice(0, 200).replaceAll('\0', '␀'));
  return characters.length > 60
    ? `“${characters.slice(0, 60).join('')}…”`
    : `“${characters.join('')}”`;
}
