import { defaultPace } from '@offload/contracts/http';
import { type Outcomes, tooManyFailures } from './failure-rule.js';

describe(tooManyFailures, () => {
  it('judges the canary as a whole, and as soon as it cannot come out well', () => {
    expect(tooManyFailures(outcomes({ stage: 'canary', recent: 'ff' }))).toBeUndefined();
    expect(tooManyFailures(outcomes({ stage: 'canary', recent: 'fff' }))).toContain(
      '3 of the last 3',
    );
    expect(tooManyFailures(outcomes({ stage: 'canary', recent: 'sssssssfff' }))).toContain('30 %');
  });

  it('takes the share over the last outcomes only', () => {
    const recovered = `${'f'.repeat(40)}${'s'.repeat(45)}fffff`;

    expect(tooManyFailures(outcomes({ recent: recovered }))).toBeUndefined();
    expect(tooManyFailures(outcomes({ recent: `${recovered}ffffff` }))).toContain(
      '11 of the last 50 outcomes failed again (22 %)',
    );
  });

  it('does not judge by a handful', () => {
    expect(tooManyFailures(outcomes({ recent: 'fffs' }))).toBeUndefined();
    expect(tooManyFailures(outcomes({ recent: 'fffsssssss' }))).toContain('3 of the last 10');
  });

  it('judges by fewer where a full window could not make it good', () => {
    expect(tooManyFailures(outcomes({ pace: { window: 5 }, recent: 'ff' }))).toContain(
      '2 of the last 2',
    );
    expect(tooManyFailures(outcomes({ pace: { max_failed_ratio: 0 }, recent: 'sf' }))).toContain(
      '1 of the last 2',
    );
  });

  it('allows every failure at a ratio of one, and has nothing to hold when all are put back', () => {
    const allFailed = { recent: 'f'.repeat(50) };

    expect(
      tooManyFailures(outcomes({ ...allFailed, pace: { max_failed_ratio: 1 } })),
    ).toBeUndefined();
    expect(tooManyFailures(outcomes({ ...allFailed, claimed: 0 }))).toBeUndefined();
  });
});

function outcomes({
  pace = {},
  ...fields
}: Partial<Omit<Outcomes, 'pace'>> & { pace?: Partial<Outcomes['pace']> } = {}): Outcomes {
  return {
    stage: 'ramp',
    pace: { ...defaultPace, ...pace },
    claimed: 100,
    batchSize: 10,
    recent: '',
    ...fields,
  };
}
