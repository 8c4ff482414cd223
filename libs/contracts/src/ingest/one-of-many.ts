/**
 * Whether the part with this number, counted from 0, is one of so many that a trace is better without it.
 *
 * The first eight are told, and then the eighth, sixteenth, thirty-second and so on: of ten thousand parts
 * nineteen, so that the trace of one import stays readable however long the file is. What fails is told of
 * any part.
 */
export function isOneOfMany(number: number): boolean {
  const isPowerOfTwo = (number & (number - 1)) === 0;
  return number >= 8 && !isPowerOfTwo;
}
