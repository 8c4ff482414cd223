import { randomBytes } from 'node:crypto';
import type { DatasetColumn } from '@offload/contracts';
import type { DatabaseError } from 'pg';
import { aColumn, datasetHarness } from '../../test/dataset-harness.js';
import { checkRules } from './check-rules.js';
import { explainViolation } from './explain-violation.js';
import { listViolations } from './list-violations.js';

describe(explainViolation.name, () => {
  const { db, insert, open } = datasetHarness();

  it.each<[string, Partial<DatasetColumn>, string, object]>([
    [
      'a range of whole numbers',
      { type: 'bigint', range: { min: 1, max: 99 } },
      '100',
      { code: 'out_of_range', message: 'must be from 1 to 99.' },
    ],
    [
      'a range of numbers with many digits',
      { type: 'numeric', range: { min: '0.00000000000000000001' } },
      '0',
      { code: 'out_of_range', message: 'must be at least 0.00000000000000000001.' },
    ],
    [
      'a range of days',
      { type: 'date', range: { max: '2026-12-31' } },
      '2027-01-01',
      { code: 'out_of_range', message: 'must be at most 2026-12-31.' },
    ],
    [
      'a length',
      { length: { min: 2, max: 2 } },
      'ä',
      { code: 'length', message: 'must be exactly 2 characters long.' },
    ],
    [
      'an enum',
      { enum: ["it's", 'back\\slash'] },
      'other',
      { code: 'enum', message: "must be one of “it's”, “back\\slash”." },
    ],
    [
      'a pattern',
      { pattern: "^\\d+'$" },
      '12',
      { code: 'pattern', message: "must match the pattern ^\\d+'$" },
    ],
    [
      'a required value',
      { nullable: false },
      '',
      { code: 'required', message: 'must not be empty.' },
    ],
  ])('tells %s, also of a column with a long name', async (_, rule, value, expected) => {
    for (const name of ['short', longName('"quoted"')]) {
      const columns = [aColumn({ name: longName('another') }), aColumn({ name, ...rule })];
      const dataset = await open(columns);

      const error = await complaint(insert(dataset, { [name]: value || null }));

      const { message, ...told } = expected as { message: string };
      expect(explainViolation(error, columns, [])).toEqual({
        ...told,
        column: name,
        message: `“${name}” ${message}`,
      });
    }
  });

  it('tells which key a row breaks, also in a table that was renamed', async () => {
    const columns = ['a', 'b', longName('c')].map((name) => aColumn({ name }));
    const keys = [['a'], ['b', longName('c')]];
    const dataset = await open(columns, keys);
    await insert(dataset, { a: '1', b: '1', [longName('c')]: '1' });
    await insert(dataset, { a: '1', b: '1' }).catch(() => undefined);
    await db().query(
      `alter table datasets."${dataset.tableName}" rename to "${dataset.tableName}_renamed"`,
    );
    dataset.tableName += '_renamed';

    const one = await complaint(insert(dataset, { a: '1' }));
    const several = await complaint(insert(dataset, { a: '2', b: '1', [longName('c')]: '1' }));

    expect(explainViolation(one, columns, keys)).toEqual({
      code: 'not_unique',
      column: 'a',
      message: 'Another row has the same “a”, which must be different in every row.',
    });
    expect(explainViolation(several, columns, keys)).toMatchObject({
      code: 'not_unique',
      column: 'b',
      message: expect.stringContaining(`the same “b” and “${longName('c')}”, which`),
    });
  });

  it('tells a value that is too long for a key', async () => {
    const columns = [aColumn({ name: 'a' })];
    const dataset = await open(columns, [['a']]);
    const long = await complaint(insert(dataset, { a: randomBytes(6000).toString('base64') }));
    const longer = await complaint(insert(dataset, { a: randomBytes(60_000).toString('base64') }));

    expect(explainViolation(long, columns, [['a']])).toMatchObject({
      code: 'too_large',
      column: 'a',
    });
    expect(explainViolation(longer, columns, [['a']])).toMatchObject({ code: 'too_large' });
  });

  it('tells a value that is none of its type', async () => {
    const columns = [
      aColumn({ name: 'born', type: 'date' }),
      aColumn({ name: 'n', type: 'bigint' }),
    ];
    const dataset = await open(columns);

    const date = await complaint(insert(dataset, { born: '2024-13-01' }));
    const number = await complaint(insert(dataset, { n: 'ten' }));
    const connection = Object.assign(new Error('gone'), { code: '08006' }) as DatabaseError;

    expect(explainViolation(date, columns, [])).toMatchObject({ code: 'out_of_range' });
    expect(explainViolation(number, columns, [])).toMatchObject({ code: 'not_a_value' });
    expect(explainViolation(connection, columns, [])).toBeUndefined();
  });

  describe(checkRules.name, () => {
    it.each<[Partial<DatasetColumn>, string[]]>([
      [
        { type: 'bigint', range: { min: '-9223372036854775808', max: '9007199254740993' } },
        [
          '9007199254740992',
          '9007199254740993',
          '9007199254740994',
          ' +5 ',
          '-9223372036854775808',
        ],
      ],
      [
        { type: 'numeric', range: { min: '0.1', max: '1e3' } },
        [
          '.1',
          '0.10',
          '0.09999999999999999999999',
          '1000',
          '1000.00000000000000000001',
          '1e3',
          '+1',
        ],
      ],
      [
        { type: 'double', range: { min: 0.1, max: 1e300 } },
        ['0.1', '.1e0', '0.09999999999999999', '1e301'],
      ],
      [
        { type: 'date', range: { min: '2024-02-29', max: '2024-03-01' } },
        ['2024-02-28', '2024-02-29', '2024-03-01', '2024-03-02'],
      ],
      [
        {
          type: 'timestamptz',
          range: { min: '2024-01-01T00:00:00Z', max: '2024-01-01T12:00:00.5+02:00' },
        },
        [
          '2024-01-01',
          '2024-01-01 01:59:59.999999+02',
          '2024-01-01T02:00:00+0200',
          '2024-01-01T10:00:00.5Z',
          '2024-01-01T10:00:00.500001Z',
          '2023-12-31 22:00-02',
          '0050-01-01',
        ],
      ],
      [
        { length: { min: 2, max: 3 } },
        ['a', 'ab', 'abc', 'abcd', '😀', '😀😀', '😀😀😀', '😀😀😀😀', ''],
      ],
      [{ enum: ['a', 'A ', ''] }, ['a', 'A', 'A ', '', 'b']],
      [{ type: 'numeric', enum: ['1.0', '250'] }, ['1', '1.00', '2.5e2', '1.0000000000000000001']],
      [{ type: 'boolean', enum: ['true'] }, ['t', 'YES', 'on', '1', 'off', 'n', '0']],
      [
        { type: 'uuid', enum: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'] },
        ['{A0EEBC999C0B4EF8BB6D6BB9BD380A11}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'],
      ],
    ])('agrees with PostgreSQL on %j', async (rule, texts) => {
      const column = aColumn({ name: 'a', ...rule });
      const dataset = await open([column]);

      for (const text of texts) {
        const ours = checkRules(column, text);
        const error = await insert(dataset, { a: text }).catch((refused: unknown) => refused);
        const theirs = error ? explainViolation(driverError(error), [column], []) : 'ok';
        expect({ text, theirs }).toEqual({
          text,
          theirs: typeof ours === 'object' ? { ...ours, column: 'a' } : ours,
        });
      }
    });

    it('leaves to PostgreSQL what only PostgreSQL can judge', async () => {
      const column = aColumn({ name: 'a', pattern: '^[[:alpha:]]+$' });

      expect(checkRules(column, 'é')).toBe('unsure');
      expect(
        checkRules(aColumn({ name: 'a', type: 'date', range: { min: '2024-01-01' } }), 'today'),
      ).toBe('unsure');
      expect(await listViolations(db().manager, column, ['é', '1', 'a\nb', ''])).toEqual([
        false,
        true,
        true,
        true,
      ]);
    });
  });
});

/** As long as a name may be. */
function longName(name: string): string {
  return `${name} ${'ä'.repeat(25)}`;
}

async function complaint(refused: Promise<unknown>): Promise<DatabaseError> {
  const error: unknown = await refused.then(
    () => new Error('PostgreSQL took the row.'),
    (thrown: unknown) => thrown,
  );
  return driverError(error);
}

/** TypeORM wraps the driver's error in its own. */
function driverError(error: unknown): DatabaseError {
  const { driverError: inner } = error as { driverError?: DatabaseError };
  if (!inner) throw error;
  return inner;
}
