import type { DeadLetterResource, ResolvedReference } from '@offload/contracts/http';
import type { EntityManager } from 'typeorm';
import type { DeadLetterEntity } from './dead-letter.entity.js';
import { deadLetterResource, readBody } from './dead-letter-resource.js';
import { findReferences, type Reference } from './find-references.js';
import { historiesOf } from './letter-history.queries.js';
import type { SubjectView, SubjectViews } from './subject-views.js';

/** What was looked up already: many dead letters are about the same thing. */
export type KnownSubjects = Map<string, SubjectView | undefined>;

/** Dead letters as people see them, each with what its message refers to and what was done to it. */
export async function describeLetters(
  tx: EntityManager,
  views: SubjectViews,
  letters: readonly DeadLetterEntity[],
  known: KnownSubjects = new Map(),
): Promise<DeadLetterResource[]> {
  const histories = await historiesOf(
    tx,
    letters.map(({ id }) => id),
  );
  const described: DeadLetterResource[] = [];
  for (const letter of letters) {
    const references = await referencesOf(tx, views, letter, known);
    described.push(deadLetterResource(letter, references, histories.get(letter.id) ?? []));
  }
  return described;
}

async function referencesOf(
  tx: EntityManager,
  views: SubjectViews,
  letter: DeadLetterEntity,
  known: KnownSubjects,
): Promise<ResolvedReference[]> {
  const { body, body_encoding: encoding } = readBody(letter.body);
  if (encoding !== 'json') return [];
  const resolved: ResolvedReference[] = [];
  for (const reference of findReferences(body)) {
    const view = await look(tx, views, reference, known);
    resolved.push({ ...reference, ...told(reference, view) });
  }
  return resolved;
}

async function look(
  tx: EntityManager,
  views: SubjectViews,
  { kind, id }: Reference,
  known: KnownSubjects,
): Promise<SubjectView | undefined> {
  const name = `${kind}:${id}`;
  if (!known.has(name)) known.set(name, await views[kind](tx, id));
  return known.get(name);
}

function told({ kind }: Reference, view: SubjectView | undefined) {
  if (view) return { found: true, summary: view.summary, href: view.href };
  const summary = `There is no such ${noun[kind]} here; it has been deleted, or it never was.`;
  return { found: false, summary, href: null };
}

const noun = { file: 'file', import: 'import', email: 'e-mail', upload: 'upload' };
