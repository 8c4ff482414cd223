import { defaultBrakeSettings, type TryEnd } from './brake.js';
import { BrakeGate, type BrakeGateOptions, type Pass } from './brake-gate.js';

const works: TryEnd = { says: 'works' };
const go: Pass = { may: 'go', probe: undefined };
const first = { number: 1, isSpared: true };
const second = { number: 2, isSpared: true };

describe(BrakeGate.name, () => {
  const stays = new AbortController().signal;

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('answers at once while the brake is off', () => {
    const { gate } = aGate();

    expect(gate.enter(stays)).toEqual(go);
    expect(gate.waitingCount).toBe(0);
  });

  it('lets the first that came go as a probe after the pause, and another one after the next', async () => {
    const { gate } = anEngagedGate();
    const passes = await arrivals(gate, 3);

    await jest.advanceTimersByTimeAsync(999);
    expect(passes).toEqual([undefined, undefined, undefined]);
    await jest.advanceTimersByTimeAsync(1);
    expect(passes).toEqual([{ may: 'go', probe: first }, undefined, undefined]);

    gate.leave({ probe: first }, fails(1));
    await jest.advanceTimersByTimeAsync(2_000);
    expect(passes).toEqual([{ may: 'go', probe: first }, { may: 'go', probe: second }, undefined]);
    expect(gate.waitingCount).toBe(1);
  });

  it('lets everything go when a probe succeeds', async () => {
    const { gate, changes } = anEngagedGate();
    const passes = await arrivals(gate, 3);
    await jest.advanceTimersByTimeAsync(1_000);

    gate.leave({ probe: first }, works);
    await jest.advanceTimersByTimeAsync(0);

    expect(passes.slice(1)).toEqual([go, go]);
    expect(changes).toEqual(['on after 10', 'off after 10']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets a delivery probe that comes when a probe is overdue', async () => {
    const { gate } = anEngagedGate();
    await jest.advanceTimersByTimeAsync(5_000);

    expect(await gate.enter(stays)).toEqual({ may: 'go', probe: first });
  });

  it('holds no delivery for longer than the broker bears, also while a probe takes its time', async () => {
    const { gate } = anEngagedGate({ longestWaitMs: 100_000 });
    const passes = await arrivals(gate, 2);

    await jest.advanceTimersByTimeAsync(99_999);
    expect(passes).toEqual([{ may: 'go', probe: first }, undefined]);
    await jest.advanceTimersByTimeAsync(1);

    expect(passes[1]).toEqual({ may: 'go-back' });
  });

  it('sends another probe when one hangs, and lets everything go when that succeeds', async () => {
    const { gate } = anEngagedGate();
    const passes = await arrivals(gate, 3);

    await jest.advanceTimersByTimeAsync(120_999);
    expect(passes).toEqual([{ may: 'go', probe: first }, undefined, undefined]);
    await jest.advanceTimersByTimeAsync(1);
    expect(passes[1]).toEqual({ may: 'go', probe: second });
    gate.leave({ probe: second }, works);
    await jest.advanceTimersByTimeAsync(0);

    expect(passes[2]).toEqual(go);
  });

  it('leaves what waits to the broker at once when the process stops, and what comes then', async () => {
    const { gate } = anEngagedGate();
    const passes = await arrivals(gate, 2);

    gate.close();
    await jest.advanceTimersByTimeAsync(0);

    expect(passes).toEqual([{ may: 'leave' }, { may: 'leave' }]);
    expect(gate.enter(stays)).toEqual({ may: 'leave' });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('forgets a delivery that the broker has taken back', async () => {
    const { gate } = anEngagedGate();
    const channel = new AbortController();
    const pass = gate.enter(channel.signal);

    channel.abort();

    expect(await pass).toEqual({ may: 'leave' });
    expect(gate.waitingCount).toBe(0);
    expect(gate.enter(channel.signal)).toEqual({ may: 'leave' });
  });

  async function arrivals(gate: BrakeGate, count: number): Promise<(Pass | undefined)[]> {
    const passes: (Pass | undefined)[] = Array.from({ length: count }, () => undefined);
    passes.forEach((_, index) => {
      void Promise.resolve(gate.enter(stays)).then((pass) => (passes[index] = pass));
    });
    await jest.advanceTimersByTimeAsync(0);
    return passes;
  }
});

function fails(message: number): TryEnd {
  return {
    says: 'fails',
    messageId: `m-${message}`,
    failure: { class: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
  };
}

function aGate(options: Partial<BrakeGateOptions> = {}) {
  const changes: string[] = [];
  const gate = new BrakeGate({
    settings: defaultBrakeSettings,
    onChange: (isOn, { failures }) => changes.push(`${isOn ? 'on' : 'off'} after ${failures}`),
    random: () => 0.5,
    ...options,
  });
  return { gate, changes };
}

function anEngagedGate(options: Partial<BrakeGateOptions> = {}) {
  const made = aGate(options);
  for (let message = 0; message < 10; message += 1) {
    made.gate.leave({ probe: undefined }, fails(message));
  }
  return made;
}
