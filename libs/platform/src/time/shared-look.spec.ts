import { SharedLook } from './shared-look.js';

describe(SharedLook.name, () => {
  it('asks once for all who wait, and keeps the answer for its time', async () => {
    let now = 0;
    let looks = 0;
    const shared = new SharedLook(
      async () => (looks += 1),
      2000,
      () => now,
    );

    expect(await Promise.all([shared.read(), shared.read()])).toEqual([1, 1]);
    now = 1999;
    expect(await shared.read()).toBe(1);
    now = 2000;
    expect(await shared.read()).toBe(2);
  });

  it('tells a failure to all who wait, and asks again after it', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve('back')];
    const shared = new SharedLook(async () => answers.shift(), 2000);

    const together = await Promise.allSettled([shared.read(), shared.read()]);

    expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await shared.read()).toBe('back');
  });
});
