import type { EntityManager, QueryRunner } from 'typeorm';

const notes = new WeakMap<QueryRunner, object[]>();

/**
 * Notes a fact about what is done in a delivery's transaction, for whoever counts such things: it is told with
 * the settled delivery (`DeliveryResult.notes`), so after the commit and once. With a rollback it is forgotten.
 */
export function note(tx: EntityManager, fact: object): void {
  const { queryRunner } = tx;
  if (!queryRunner) throw new Error('A fact can only be noted in a transaction.');
  const facts = notes.get(queryRunner);
  if (facts) facts.push(fact);
  else notes.set(queryRunner, [fact]);
}

/** What was noted in this transaction. */
export function notesOf({ queryRunner }: EntityManager): readonly object[] {
  return (queryRunner && notes.get(queryRunner)) ?? [];
}
