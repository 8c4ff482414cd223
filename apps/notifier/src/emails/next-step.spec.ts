import type { AttemptOutcome, EmailAttempt } from './email-attempt.entity.js';
import { nextStep } from './next-step.js';

describe(nextStep.name, () => {
  it('begins with the first attempt', () => {
    expect(nextStep([], { replays: 0, inDoubt: 'retry' })).toEqual({
      kind: 'attempt',
      number: 1,
      alreadyServed: [],
    });
  });

  it('sends nothing that was sent before, also after a doubt', () => {
    const attempts = [anAttempt(1, 'in_doubt'), anAttempt(2, 'sent')];

    const step = nextStep(attempts, { replays: 3, inDoubt: 'hold' });

    expect(step).toEqual({ kind: 'sent', attempt: attempts[1] });
  });

  it.each(['deferred', 'refused', 'in_doubt'] as const)('goes on counting after %s', (outcome) => {
    const step = nextStep([anAttempt(1, outcome)], { replays: 0, inDoubt: 'retry' });

    expect(step).toMatchObject({ kind: 'attempt', number: 2 });
  });

  it('leaves out the recipients that were served', () => {
    const attempts = [
      anAttempt(1, 'deferred', { accepted: ['ada@example.test'] }),
      anAttempt(2, 'deferred', { accepted: ['grace@example.test'] }),
    ];

    const step = nextStep(attempts, { replays: 0, inDoubt: 'retry' });

    expect(step).toMatchObject({ alreadyServed: ['ada@example.test', 'grace@example.test'] });
  });

  it('holds a doubt until an operator has replayed the message', () => {
    const attempts = [anAttempt(1, 'in_doubt', { replays: 1 })];

    expect(nextStep(attempts, { replays: 1, inDoubt: 'hold' }).kind).toBe('hold');
    expect(nextStep(attempts, { replays: 2, inDoubt: 'hold' }).kind).toBe('attempt');
  });
});

function anAttempt(
  number: number,
  outcome: AttemptOutcome,
  rest: Partial<EmailAttempt> = {},
): EmailAttempt {
  return { number, outcome, replays: 0, accepted: [], refused: [], ...rest } as EmailAttempt;
}
