import { RepeatedWork } from './repeated-work.js';

describe(RepeatedWork.name, () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('passes over the times that come while it is at work', async () => {
    const ends: (() => void)[] = [];
    const repeated = new RepeatedWork(() => new Promise<void>((end) => ends.push(end)), {
      everyMs: 10,
    });
    repeated.start();

    await jest.advanceTimersByTimeAsync(35);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(10);

    expect(ends).toHaveLength(2);
  });

  it('waits for what is being done when it is stopped, and does nothing after that', async () => {
    const order: string[] = [];
    const work = Promise.withResolvers<void>();
    const repeated = new RepeatedWork(
      async () => {
        await work.promise;
        order.push(repeated.isStopping ? 'done while stopping' : 'done');
      },
      { everyMs: 10 },
    );
    repeated.start();
    await jest.advanceTimersByTimeAsync(10);

    const stopped = repeated.stop().then(() => order.push('stopped'));
    work.resolve();
    await stopped;
    await jest.advanceTimersByTimeAsync(50);

    expect(order).toEqual(['done while stopping', 'stopped']);
  });

  it('can be stopped without having been started', async () => {
    await expect(new RepeatedWork(jest.fn(), { everyMs: 10 }).stop()).resolves.toBeUndefined();
  });
});
