/**
 * What a statement does, in few words and few different ones: `INSERT outbox_message`, `COMMIT`.
 *
 * OpenTelemetry's conventions for databases call it the summary of the query. Only the first table is
 * named, and only one that is always there: a name with a digit in it belongs to one import or one dataset.
 */
export function summariseQuery(text: string): string {
  const words = text
    .slice(0, longest)
    .replace(/--[^\n]*/g, ' ')
    .trim();
  const verb = /^[a-z]+/i.exec(words)?.[0].toUpperCase() ?? 'QUERY';
  if (verb === 'WITH') return named(mainVerb(words), words);
  if (verb === 'START' || verb === 'ROLLBACK' || verb === 'RELEASE') return firstWords(words);
  return named(verb, words);
}

const longest = 2000;

/** Of a statement that begins with its subqueries: what it writes, or else that it reads. */
function mainVerb(words: string): string {
  return (
    /\b(insert into|update|delete from)\s/i.exec(words)?.[1]?.split(' ')[0]?.toUpperCase() ??
    'SELECT'
  );
}

function firstWords(words: string): string {
  return (
    /^[a-z]+(?: (?:transaction|to savepoint|savepoint))?/i.exec(words)?.[0] ?? ''
  ).toUpperCase();
}

function named(verb: string, words: string): string {
  const table = tableOf(verb, words);
  return table === undefined || /\d/.test(table) ? verb : `${verb} ${table}`;
}

function tableOf(verb: string, words: string): string | undefined {
  const before = { SELECT: 'from', INSERT: 'insert into', UPDATE: 'update', DELETE: 'delete from' }[
    verb
  ];
  if (before === undefined) return undefined;
  // Not that of `extract(epoch from …)`.
  const name = new RegExp(
    String.raw`(?<!\(\s*\w+\s+)\b${before}\s+(?:only\s+)?((?:"?\w+"?\.)?"?\w+"?)`,
    'i',
  );
  return name.exec(words)?.[1]?.replaceAll('"', '').split('.').at(-1);
}
