import { isOneOfMany } from './one-of-many.js';

describe(isOneOfMany.name, () => {
  it('leaves the first and then ever fewer, so that a trace grows with the logarithm of an import', () => {
    const told = Array.from({ length: 10_000 }, (_, number) => number).filter(
      (number) => !isOneOfMany(number),
    );

    expect(told).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192,
    ]);
  });
});
