import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog } from './catalog.js';
import { command, event } from './message.js';
import { z } from 'zod';

const folder = join(__dirname, '../examples');

describe('a contract', () => {
  it.each(catalog.map((contract) => [contract.type, contract] as const))(
    '%s reads its published example and writes the same again',
    (type, contract) => {
      const example: unknown = JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8'));

      const parsed = contract.schema.parse(example);

      expect(JSON.parse(JSON.stringify(parsed))).toEqual(example);
      expect(contract(example)).toMatchObject({ type, payload: example });
    },
  );

  it.each(catalog.map((contract) => [contract.type, contract] as const))(
    '%s still takes a message with a field that a later version added',
    (type, contract) => {
      const example = JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8')) as object;

      const parsed = contract.schema.safeParse({ ...example, addedLater: true });

      expect(parsed.success).toBe(true);
    },
  );

  it('is listed once in the catalogue, and no example is without a contract', () => {
    const types = catalog.map(({ type }) => type).toSorted();

    expect(types).toEqual([...new Set(types)]);
    expect(readdirSync(folder).toSorted()).toEqual(types.map((type) => `${type}.json`));
  });

  it('has an owner, a name and a version', () => {
    expect(() => command('no-owner', z.object({}))).toThrow('is not a message type');
    expect(event('ingest.rows-counted.v2', z.object({})).owner).toBe('ingest');
  });

  it('refuses to make a message that does not fit', () => {
    const rename = command('ingest.rename.v1', z.object({ name: z.string() }));

    expect(() => rename({ name: 7 } as never)).toThrow(z.ZodError);
  });
});
