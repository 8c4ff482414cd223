/** With FAULTS=full every fault is shown; without, those that a change is most likely to break. */
export const isFull = process.env['FAULTS'] === 'full';

export const describeInFull = isFull ? describe : describe.skip;
