import { type HealthCheck, LookAtHealth } from './look-at-health.js';

describe(LookAtHealth.name, () => {
  const up: HealthCheck = { name: 'up', check: async () => ({ isUp: true }) };

  it('tells in words what hangs, and does not begin it again before it has ended', async () => {
    const { promise, resolve } = Promise.withResolvers<{ isUp: boolean }>();
    let begun = 0;
    const hangs: HealthCheck = {
      name: 'hangs',
      check: () => {
        begun += 1;
        return promise;
      },
    };
    const health = new LookAtHealth([hangs, up], 10);

    const first = await health.look();
    await health.look();
    resolve({ isUp: true });
    const last = await health.look();

    expect(first).toEqual([
      { name: 'hangs', isUp: false, reason: 'It has not answered within 0.01 s.' },
      { name: 'up', isUp: true, reason: undefined },
    ]);
    expect(begun).toBe(1);
    expect(last).toMatchObject([{ isUp: true }, { isUp: true }]);
  });

  it('says why it is late where that is known', async () => {
    const late: HealthCheck = {
      name: 'late',
      check: () => new Promise(() => undefined),
      whyLate: () => 'All connections are in use.',
    };

    expect(await new LookAtHealth([late], 10).look()).toMatchObject([
      { isUp: false, reason: 'All connections are in use.' },
    ]);
  });

  it('tells of what is not needed and stays up', async () => {
    const health = new LookAtHealth([
      { name: 'needed', check },
      { name: 'nice', check, isNeeded: false },
    ]);

    expect(await health.look()).toEqual([
      { name: 'needed', isUp: false, reason: 'It is away.' },
      { name: 'nice', isUp: true, reason: 'It is away.' },
    ]);
  });
});

const check = (): Promise<never> => Promise.reject(new Error('It is away.'));
