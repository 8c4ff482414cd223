import { Command } from 'commander';
import { DeadLetterFilter, DeadLetterFilterQuery } from '@offload/contracts/http';
import {
  addFilterOptions,
  filterOf,
  filterQueryOf,
  type FilterOptions,
  selectionOf,
} from './filter-options.js';

const now = (): Date => new Date('2026-11-22T12:00:00Z');
const group = '01980000-0000-7000-8000-00000000000a';
const tenant = '01980000-0000-7000-8000-00000000000b';

describe('filter options', () => {
  it('become the filter of the API, every one of them', () => {
    const options = parse(
      ...['--group', group, '--queue', 'q', '--type', 't.v1', '--service', 's', '--code', 'c'],
      ...['--tenant', tenant, '--text', 'full box', '--since', '2h', '--until', '1h'],
      ...['--replays-min', '1', '--replays-max', '3'],
    );

    const filter = filterOf(options);

    expect(filter).toEqual({
      group,
      queue: 'q',
      message_type: 't.v1',
      service: 's',
      code: 'c',
      tenant,
      text: 'full box',
      failed_after: '2026-11-22T10:00:00.000Z',
      failed_before: '2026-11-22T11:00:00.000Z',
      replays_min: 1,
      replays_max: 3,
    });
    expect(Object.keys(filter).toSorted()).toEqual(Object.keys(DeadLetterFilter.shape).toSorted());
    expect(DeadLetterFilter.parse(filter)).toEqual(filter);
  });

  it('become a query with the state', () => {
    const query = filterQueryOf(parse('--state', 'discarded'));

    expect(query).toEqual({ state: 'discarded' });
    expect(DeadLetterFilterQuery.parse(query)).toEqual(query);
  });

  it.each([
    [['--state', 'lost'], 'Allowed choices are open, replaying, resolved, discarded'],
    [['--group', 'first'], 'Give an id'],
    [['--replays-min', '-1'], 'Give a whole number from 0'],
    [['--since', 'noon'], 'Give a span'],
  ])('are refused when they cannot be meant so: %j', (argv, words) => {
    expect(() => parse(...argv)).toThrow(words);
  });
});

describe(selectionOf, () => {
  it('takes ids, each once, or a filter', () => {
    expect(selectionOf([group, tenant, group], {})).toEqual({ ids: [group, tenant] });
    expect(selectionOf([], { queue: 'q' })).toEqual({ filter: { queue: 'q' } });
  });

  it('refuses both, and neither', () => {
    expect(() => selectionOf([group], { queue: 'q' })).toThrow('not both');
    expect(() => selectionOf([], {})).toThrow('Which ones?');
  });
});

function parse(...argv: string[]): FilterOptions {
  const command = addFilterOptions(new Command(), { now, hasState: true });
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  return command.parse(argv, { from: 'user' }).opts<FilterOptions>();
}
