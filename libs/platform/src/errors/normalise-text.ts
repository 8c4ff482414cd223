/** Longer texts differ, if at all, in what was put into them. In characters. */
const longestText = 500;

/**
 * What the texts of alike failures have in common: `Import 17 of "a.csv" is gone` and
 * `Import 18 of "b.csv" is gone` are the same sentence.
 *
 * Addresses, ids, numbers, and whatever stands in quotes are replaced by what they are. Dead letters are
 * grouped by it, so a change here belongs together with a new version of their fingerprint. Safe for
 * texts from anywhere: it takes time in proportion to their length, of which 4000 characters are read.
 */
export function normaliseText(text: string): string {
  let normal = text.slice(0, 4000);
  for (const [pattern, word] of replacements) normal = normal.replace(pattern, word);
  return normal.trim().slice(0, longestText);
}

/** What two failures must have in common to be taken for one cause that meets many messages. */
export function failureFingerprint(failure: {
  class: string;
  code: string;
  message: string;
}): string {
  return [failure.class, failure.code, normaliseText(failure.message)].join('\n');
}

/**
 * In this order: a quoted value may contain anything, an id may contain numbers. No pattern has two
 * neighbouring repetitions that take the same characters, so none can be made to take long.
 */
const replacements: [RegExp, string][] = [
  [/"[^"]*"|`[^`]*`|«[^»]*»|“[^”]*”|‘[^’]*’/g, '<value>'],
  // An apostrophe within a word is none: "doesn't".
  [/(?<!\w)'[^']*'(?!\w)/g, '<value>'],
  [/[a-z]+:\/\/[^\s<>]+/gi, '<address>'],
  [/[^\s@<>(),;:"']{1,64}@[^\s@<>(),;:"']+/g, '<address>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  // An IPv6 address has at least two colons.
  [/(?<![\w:])(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:]+(?:\.\d+)*/gi, '<n>'],
  // A word with a digit in it is somebody's name for something; a code such as `23505` is no word.
  [/\b(?=\w*\d)(?=\w*[a-z])\w+(?:-\w+)*\b/gi, '<id>'],
  // Also IPv4 addresses, durations and versions.
  [/[+-]?\d+(?:[.,:/-]\d+)*/g, '<n>'],
  [/\s+/g, ' '],
];
