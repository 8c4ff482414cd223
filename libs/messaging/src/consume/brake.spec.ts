import { Brake, type TryEnd } from './brake.js';

const settings = {
  failures: 10,
  firstPauseMs: 1_000,
  longestPauseMs: 60_000,
  uncountedForMs: 3_600_000,
};
const start = Date.parse('2026-02-03T04:05:06Z');
const works: TryEnd = { says: 'works' };
const nothing: TryEnd = { says: 'nothing' };

describe(Brake.name, () => {
  it('goes on with the tenth failure in a row that is like the others', () => {
    const { brake } = aBrake();

    const counted = Array.from({ length: 10 }, (_, message) =>
      brake.end(fails(message), undefined),
    );

    expect(counted).toEqual([...Array<boolean>(9).fill(true), false]);
    expect(brake.report).toEqual({
      since: '2026-02-03T04:05:06.000Z',
      failures: 10,
      class: 'Error',
      code: 'ECONNREFUSED',
      message: 'connect ECONNREFUSED 127.0.0.1:50009',
      nextProbeAt: '2026-02-03T04:05:07.000Z',
    });
  });

  it('forgets the failures at any success', () => {
    const { brake } = aBrake();

    for (let message = 0; message < 40; message += 1) {
      brake.end(message % 10 === 9 ? works : fails(message), undefined);
    }

    expect(brake.isOn).toBe(false);
  });

  it('does not take one bad message, tried again and again, for an outage', () => {
    const { brake } = aBrake();

    for (let attempt = 0; attempt < 100; attempt += 1) {
      for (const message of [1, 2, 3, 4]) brake.end(fails(message), undefined);
    }

    expect(brake.isOn).toBe(false);
  });

  it('does not take many different failures for one', () => {
    const ends = Array.from({ length: 100 }, (_, message) => fails(message, `E${message}`));

    expect(aBrakeAfter(ends).isOn).toBe(false);
  });

  it('counts on over failures of another kind and over what says nothing', () => {
    const ends = Array.from({ length: 10 }, (_, message) => [
      fails(message),
      nothing,
      fails(message, 'ETIMEDOUT'),
    ]).flat();

    expect(aBrakeAfter(ends.slice(0, -3)).isOn).toBe(false);
    expect(aBrakeAfter(ends).isOn).toBe(true);
  });

  it('lets one probe out at a time, after pauses that double up to a minute', () => {
    const { brake, clock } = anEngagedBrake();
    const pauses: number[] = [];

    for (let message = 0; message < 9; message += 1) {
      pauses.push(brake.probeDueAt - clock.now);
      clock.now = brake.probeDueAt;
      const probe = brake.beginProbe();
      expect(brake.probeDueAt).toBe(clock.now + 120_000);
      expect(brake.end(fails(message), probe)).toBe(false);
    }

    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(brake.report?.failures).toBe(19);
  });

  it('spreads the pauses by a fifth, so that processes do not probe in step', () => {
    expect(anEngagedBrake(0).brake.probeDueAt - start).toBe(800);
    expect(anEngagedBrake(1).brake.probeDueAt - start).toBe(1_200);
  });

  it('is let go by a probe that succeeds, and needs ten failures to go on again', () => {
    const { brake } = anEngagedBrake();

    brake.end(works, brake.beginProbe());

    expect(brake.isOn).toBe(false);
    brake.end(fails(1), undefined);
    expect(brake.isOn).toBe(false);
  });

  it('is let go by what was running already and succeeds, and ignores the probe that was out', () => {
    const { brake } = anEngagedBrake();
    const stale = brake.beginProbe();

    brake.end(works, undefined);
    engage(brake);
    brake.beginProbe();
    const dueAt = brake.probeDueAt;
    brake.end(fails(1), stale);

    expect(brake.probeDueAt).toBe(dueAt);
  });

  it('does not count what was running already and fails alike; the pause stays as it is', () => {
    const { brake } = anEngagedBrake();

    expect(brake.end(fails(77), undefined)).toBe(false);

    expect(brake.probeDueAt).toBe(start + 1_000);
  });

  it('counts a probe that fails otherwise, and sends the next after the same pause', () => {
    const { brake, clock } = anEngagedBrake();
    clock.now = brake.probeDueAt;

    expect(brake.end(fails(1, 'EACCES'), brake.beginProbe())).toBe(true);

    expect(brake.isOn).toBe(true);
    expect(brake.probeDueAt).toBe(clock.now + 1_000);
  });

  it('learns the face that an outage has taken on', () => {
    const { brake } = anEngagedBrake();

    const counted = Array.from({ length: 11 }, (_, message) =>
      brake.end(fails(message, '57P03'), brake.beginProbe()),
    );

    expect(counted).toEqual([...Array<boolean>(9).fill(true), false, false]);
    expect(brake.report?.code).toBe('57P03');
  });

  it('gives up a probe that does not end, and takes its late end for that of any try', () => {
    const { brake, clock } = anEngagedBrake();
    clock.now = brake.probeDueAt;
    const hung = brake.beginProbe();
    expect(brake.probeDueAt).toBe(clock.now + 120_000);
    clock.now = brake.probeDueAt;
    const second = brake.beginProbe();
    const dueAt = brake.probeDueAt;

    expect(brake.end(fails(1), hung)).toBe(false);
    expect(brake.probeDueAt).toBe(dueAt);

    brake.end(fails(2), second);
    expect(brake.probeDueAt).toBe(clock.now + 2_000);
  });

  it('counts tries again when it has been on for an hour, so that bad messages alone in a queue end', () => {
    const { brake, clock } = anEngagedBrake();
    clock.now = start + settings.uncountedForMs - 1;
    expect(brake.end(fails(1), brake.beginProbe())).toBe(false);
    const begunInTime = brake.beginProbe();

    clock.now += 1;

    expect(begunInTime.isSpared).toBe(true);
    expect(brake.end(fails(2), begunInTime)).toBe(false);
    const late = brake.beginProbe();
    expect(late.isSpared).toBe(false);
    expect(brake.end(fails(3), late)).toBe(true);
    expect(brake.end(fails(4), undefined)).toBe(true);
    expect(brake.isOn).toBe(true);
    expect(brake.probeDueAt).toBeGreaterThan(clock.now);
  });

  it('sends the next probe at once after one that says nothing', () => {
    const { brake, clock } = anEngagedBrake();
    clock.now = brake.probeDueAt;

    expect(brake.end(nothing, brake.beginProbe())).toBe(true);

    expect(brake.isOn).toBe(true);
    expect(brake.probeDueAt).toBe(clock.now);
  });
});

/** The port is another in each: what is alike is told by the normalised text. */
function fails(message: number, code = 'ECONNREFUSED'): TryEnd {
  return {
    says: 'fails',
    messageId: `m-${message}`,
    failure: { class: 'Error', code, message: `connect ${code} 127.0.0.1:${50_000 + message}` },
  };
}

function aBrake(random = 0.5) {
  const clock = { now: start };
  const brake = new Brake(
    settings,
    () => clock.now,
    () => random,
  );
  return { brake, clock };
}

function aBrakeAfter(ends: TryEnd[]): Brake {
  const { brake } = aBrake();
  for (const end of ends) brake.end(end, undefined);
  return brake;
}

function anEngagedBrake(random = 0.5) {
  const made = aBrake(random);
  engage(made.brake);
  return made;
}

function engage(brake: Brake): void {
  for (let message = 0; message < 10; message += 1) brake.end(fails(message), undefined);
}
