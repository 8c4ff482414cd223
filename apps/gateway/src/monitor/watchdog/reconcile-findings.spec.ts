import { ago, noon } from '../../../test/monitor-builders.js';
import type { Trouble } from './facts.js';
import { type KnownFinding, reconcile } from './reconcile-findings.js';

const everyMs = 15_000;
const trouble: Trouble = {
  code: 'broker_away',
  severity: 'critical',
  subject: 'broker:connection',
  detail: 'It is away.',
  remedy: 'Start it.',
};
const slow: Trouble = { ...trouble, confirmAfterMs: 30_000 };

const finding = (fields: Partial<KnownFinding> = {}): KnownFinding => ({
  ...trouble,
  id: 'f1',
  since: ago(60_000),
  lastSeenAt: ago(everyMs),
  isConfirmed: true,
  ...fields,
});

const look = (known: KnownFinding[], seen: Trouble[], judged = [trouble.code]) =>
  reconcile({ now: noon, everyMs, known, seen, judged: new Set(judged) }).map(({ kind }) => kind);

describe(reconcile.name, () => {
  it('opens at once what needs no confirmation', () => {
    expect(look([], [trouble])).toEqual(['open']);
  });

  it('opens what is only suspected once it was seen for long enough', () => {
    expect(look([], [slow])).toEqual(['suspect']);
    expect(look([suspected(15_000)], [slow])).toEqual(['see']);
    // Looks are not exactly a period apart.
    expect(look([suspected(29_900)], [slow])).toEqual(['open']);
  });

  it('drops a suspicion with the first look that does not see it', () => {
    expect(look([finding({ isConfirmed: false })], [])).toEqual(['drop']);
  });

  it('begins a suspicion anew when nobody has looked for a while', () => {
    const old = finding({ isConfirmed: false, since: ago(600_000), lastSeenAt: ago(500_000) });

    expect(look([old], [slow])).toEqual(['drop', 'suspect']);
  });

  it('resolves what was open only after three looks without it', () => {
    expect(look([finding({ lastSeenAt: ago(2 * everyMs) })], [])).toEqual([]);
    expect(look([finding({ lastSeenAt: ago(3 * everyMs) })], [])).toEqual(['resolve']);
  });

  it('leaves alone what it could not judge', () => {
    expect(look([finding({ lastSeenAt: ago(600_000) })], [], [])).toEqual([]);
  });

  it('sees again what is open, and says when it has grown worse', () => {
    const mild = finding({ severity: 'warning' });

    const [change] = reconcile({
      now: noon,
      everyMs,
      known: [mild],
      seen: [trouble],
      judged: new Set([trouble.code]),
    });

    expect(change).toMatchObject({ kind: 'see', isWorse: true });
  });

  it('keeps apart what is about different things', () => {
    const other = { ...trouble, subject: 'broker:other' };

    expect(look([finding()], [trouble, other])).toEqual(['see', 'open']);
  });
});

const suspected = (sinceMs: number) => finding({ since: ago(sinceMs), isConfirmed: false });
