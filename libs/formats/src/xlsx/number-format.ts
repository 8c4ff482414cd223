/** What a number is for whoever formatted it. `duration` counts hours beyond a day. */
export type NumberKind = 'number' | 'date' | 'time' | 'datetime' | 'duration';

/** The kind of a format by its id; ids below 164 are built in, the others are given by their code. */
export function kindOfFormat(id: number, code: string | undefined): NumberKind {
  return code === undefined ? (BUILT_IN.get(id) ?? 'number') : kindOfCode(code);
}

/**
 * The kind of a format by its code, such as `dd.mm.yyyy` or `[$-409]h:mm AM/PM;@`.
 *
 * Only the first section counts, which is the one for positive numbers, and only what stands outside of
 * quotes, brackets and escapes. `m` is a minute beside hours or seconds, and else a month.
 */
export function kindOfCode(code: string): NumberKind {
  const bare = code
    .replaceAll(/"[^"]*"?|\\.|[_*]./gs, '')
    .replace(/;.*/s, '')
    .toLowerCase();
  if (/\[(h+|m+|s+)\]/.test(bare)) return 'duration';
  const letters = bare.replaceAll(/\[[^\]]*\]/g, '').replaceAll(/am\/pm|a\/p|上午\/下午/g, 'h');
  if (/general|@/.test(letters)) return 'number';
  const hasTime = /[hs]/.test(letters);
  const hasDate = /[yd]|mmm/.test(letters) || (!hasTime && letters.includes('m'));
  if (hasDate) return hasTime ? 'datetime' : 'date';
  return hasTime ? 'time' : 'number';
}

/** ECMA-376, 18.8.30, with those that East Asian versions have. */
const BUILT_IN = new Map<number, NumberKind>([
  ...idsOf([14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58], 'date'),
  ...idsOf([18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56], 'time'),
  ...idsOf([22], 'datetime'),
  ...idsOf([46], 'duration'),
]);

function idsOf(ids: number[], kind: NumberKind): [number, NumberKind][] {
  return ids.map((id) => [id, kind]);
}
