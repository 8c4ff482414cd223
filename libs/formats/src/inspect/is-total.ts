const TOTAL =
  /^\W*(?:(?:grand|sub)[ -]?)?(?:totals?|sum|summe|gesamt(?:summe)?|insgesamt|zwischensumme|total général|totale|somme|suma|totaal|razem|итого)\b\W*$/iu;

/** Tells whether a record is a line of totals: its first value says so. */
export function isTotal(fields: readonly (string | null)[]): boolean {
  const first = fields.find((field) => field !== null && field.trim() !== '');
  return typeof first === 'string' && first.length < 60 && TOTAL.test(first);
}
