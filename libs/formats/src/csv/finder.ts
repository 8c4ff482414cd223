/** Any byte that is not ASCII, in a string of one character for each byte. */
export const NON_ASCII = /[^\0-\x7f]/g;

/** Searches only when the last answer has been passed or lies ahead of another place; none found is the end of the text. */
export function finder(text: string, wanted: string | RegExp): (at: number) => number {
  let asked = -1;
  let found = -1;
  return (at) => {
    if (at < asked || at > found) {
      const index =
        typeof wanted === 'string' ? text.indexOf(wanted, at) : searchFrom(text, wanted, at);
      found = index === -1 ? text.length : index;
      asked = at;
    }
    return found;
  };
}

function searchFrom(text: string, wanted: RegExp, at: number): number {
  wanted.lastIndex = at;
  return wanted.exec(text)?.index ?? -1;
}
