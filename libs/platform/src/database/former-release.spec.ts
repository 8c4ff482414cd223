import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The last migrations from before there was a release to come back to. */
const beforeReleases: Record<string, string> = {
  gateway: '1795000000800',
  ingest: '1795000000200',
  notifier: '1795000000000',
};

const lasting = [
  /\bdrop (column|table)\b.*/gi,
  /\brename (column |to )\b.*/gi,
  /\bset not null\b.*/gi,
  /\bdrop default\b.*/gi,
  /\balter column \S+ (set data )?type\b.*/gi,
];

/**
 * While a release is brought out, and after it is taken back, the former one runs on the new schema
 * (docs/runbooks/upgrade.md). What it would trip over has to wait for a release whose former no longer
 * reads or writes it, and carries the comment `-- contract: <why nobody needs it>`. The name of such a migration begins
 * with `Contract`, by which older releases know that they cannot start on its schema (`checkSchema`).
 */
describe('a migration leaves the former release working', () => {
  it.each(laterMigrations())('%s', (_, text) => {
    expect(breaks(text)).toEqual([]);
    expect(contractsUnnamed(text)).toBe(false);
  });

  it('is seen to contract by its name as well', () => {
    const statement = 'alter table email drop column note -- contract: not read since 0.3';

    expect(contractsUnnamed(`export class DropNote1 {\n${migration(statement)}}`)).toBe(true);
    expect(contractsUnnamed(`export class ContractNote1 {\n${migration(statement)}}`)).toBe(false);
  });

  it.each([
    'alter table email drop column note',
    'drop table email',
    'alter table email rename column note to remark',
    'alter table email alter column note set not null',
    'alter table upload alter column state drop default',
    'alter table email alter column id type bigint',
    'alter table email add column note text not null',
    `alter table email\n add column a int not null default 0,\n add note text not null check (note <> '')`,
  ])('is seen not to do so by “%s”', (statement) => {
    expect(breaks(migration(statement))).toHaveLength(1);
  });

  it.each([
    'alter table email add column note text',
    `alter table email add column note text not null default ''`,
    'create table note (id uuid primary key, text text not null)',
    'alter table email alter column note drop not null',
    'alter table email drop column note -- contract: not read since 0.3',
  ])('is seen to do so by “%s”', (statement) => {
    expect(breaks(migration(statement))).toEqual([]);
  });
});

function laterMigrations(): [name: string, text: string][] {
  const files = Object.entries(beforeReleases).flatMap(([service, last]) => {
    const folder = join(process.cwd(), 'apps', service, 'src/database/migrations');
    return readdirSync(folder)
      .filter((name) => /^\d+-.*\.ts$/.test(name) && name.slice(0, last.length) > last)
      .map((name) => join(folder, name));
  });
  const found = files.map((file): [string, string] => [basename(file), readFileSync(file, 'utf8')]);
  return found.length > 0 ? found : [['none yet', '']];
}

/** The lines that the former release would trip over; `down` is for developers, and may do anything. */
function breaks(text: string): string[] {
  const up = text.replace(/\n {2}async down\(.*?\n {2}\}\n/s, '\n');
  const lines = lasting.flatMap((pattern) => up.match(pattern) ?? []);
  return [...lines, ...neededColumns(up)].filter((line) => !line.includes('-- contract:'));
}

function contractsUnnamed(text: string): boolean {
  return text.includes('-- contract:') && !/\bclass Contract/.test(text);
}

/** Columns added to a table that is there, which its former writers do not fill. */
function neededColumns(text: string): string[] {
  const changes = text.match(/\balter table\b[^;`]*/gi) ?? [];
  return changes.flatMap((change) =>
    change
      .split(/,(?=\s*(?:--.*\s*)*(?:add|alter|drop)\b)|\n(?=\s*add\b)/i)
      .filter((part) => /\badd\b/i.test(part) && !/\badd constraint\b/i.test(part))
      .filter((part) => /\bnot null\b/i.test(part) && !/\bdefault\b|\bgenerated\b/i.test(part)),
  );
}

function migration(statement: string): string {
  return `  async up(runner) {\n    await runner.query(\`${statement}\`);\n  }\n`;
}
