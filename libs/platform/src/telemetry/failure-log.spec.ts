import { SparingLog } from './failure-log.js';

describe(SparingLog.name, () => {
  it('tells the first failure at once, and then once a minute how often it was', () => {
    const lines: { times: number }[] = [];
    let now = 0;
    const log = new SparingLog(
      (line) => lines.push(line),
      () => now,
    );

    for (let second = 0; second < 130; second += 1) {
      now = second * 1000;
      log.tell('The collector is away.');
    }

    expect(lines.map(({ times }) => times)).toEqual([1, 60, 60]);
  });
});
