import { PassOn } from './pass-on.js';

const place = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe(PassOn.name, () => {
  it('passes on where a client belongs, and nothing else that its header holds', () => {
    const tracer = new PassOn();
    const span = tracer.open('request', { parent: `cc-${place}-${'x'.repeat(10_000)}` });

    expect(span.traceparent).toBe(`00-${place}`);
    expect(span.run(() => tracer.traceparent())).toBe(`00-${place}`);
    expect(tracer.traceparent()).toBeUndefined();
  });

  it('says of what goes on for everybody not that it belongs to who began it', () => {
    const tracer = new PassOn();
    const span = tracer.open('request', { parent: `00-${place}` });

    expect(span.run(() => tracer.untraced(() => tracer.place()))).toBeUndefined();
  });
});
