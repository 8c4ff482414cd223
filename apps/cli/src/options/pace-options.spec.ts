import { Command } from 'commander';
import { ReplayPace } from '@offload/contracts/http';
import { addPaceOptions, paceOf, type PaceOptions } from './pace-options.js';

describe(paceOf, () => {
  it('has an option for every part of a pace', () => {
    const pace = parse(
      ...['--canary', '5', '--rate', '0.5', '--in-flight', '20', '--max-failed', '10%'],
      ...['--window', '40', '--max-backlog-age', '2m', '--outcome-timeout', '1h'],
    );

    expect(pace).toEqual({
      canary: 5,
      rate_per_s: 0.5,
      max_in_flight: 20,
      max_failed_ratio: 0.1,
      window: 40,
      max_backlog_age_s: 120,
      outcome_timeout_s: 3600,
    });
    expect(ReplayPace.parse(pace)).toEqual(pace);
    expect(Object.keys(pace ?? {})).toEqual(Object.keys(ReplayPace.shape));
  });

  it('is left to the API when nothing is said', () => {
    expect(parse()).toBeUndefined();
  });
});

function parse(...argv: string[]): ReturnType<typeof paceOf> {
  return paceOf(addPaceOptions(new Command()).parse(argv, { from: 'user' }).opts<PaceOptions>());
}
