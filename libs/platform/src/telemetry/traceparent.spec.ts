import { formatTraceparent, parseTraceparent } from './traceparent.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe(parseTraceparent.name, () => {
  it('reads what W3C Trace Context writes, and writes it again', () => {
    const text = `00-${traceId}-${spanId}-01`;

    const parsed = parseTraceparent(text);

    expect(parsed).toEqual({ traceId, spanId, isSampled: true });
    expect(parsed && formatTraceparent(parsed)).toBe(text);
    expect(parseTraceparent(`00-${traceId}-${spanId}-00`)?.isSampled).toBe(false);
  });

  it('reads of a later version what it knows', () => {
    expect(parseTraceparent(`01-${traceId}-${spanId}-01-more`)).toMatchObject({ traceId });
  });

  it.each([
    ['nothing', undefined],
    ['another text', 'garbage'],
    ['zeros for a trace', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['zeros for a span', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['more than version 00 has', `00-${traceId}-${spanId}-01-more`],
    ['the version that is none', `ff-${traceId}-${spanId}-01`],
    ['a line break at its end', `00-${traceId}-${spanId}-01\n`],
  ])('takes %s for none', (_what, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});
