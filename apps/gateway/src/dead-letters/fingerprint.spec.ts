import { unrouted, workerDied } from '@offload/messaging';
import { type DeadLetterFacts, fingerprintOf, fingerprintVersion } from './fingerprint.js';

const id = '0198d0e4-0000-7000-8000-000000000001';
const other = '0198d0e4-0000-7000-8000-000000000002';

const stackOf = (name: string, line: number): string =>
  `ImportNotFound: There is no import ${id}.\n    at ${name} (/app/dist/apps/ingest/src/load.js:${line}:1)`;

const facts: DeadLetterFacts = {
  queue: 'ingest.load-chunk',
  message_type: 'ingest.load-chunk.v1',
  routing_key: 'ingest.load-chunk',
  failure_code: 'ingest.import-not-found',
  failure_class: 'ImportNotFound',
  failure_message: `There is no import ${id}.`,
  failure_stack: stackOf('load', 10),
};

describe(fingerprintOf, () => {
  it.each<[string, Partial<DeadLetterFacts>]>([
    ['another id in the message', { failure_message: `There is no import ${other}.` }],
    ['another line of the same function', { failure_stack: stackOf('load', 99) }],
    ['another queue', { queue: 'ingest.other' }],
    ['another routing key', { routing_key: 'elsewhere' }],
  ])('is the same with %s', (_, change) => {
    expect(fingerprintOf({ ...facts, ...change }).fingerprint).toBe(
      fingerprintOf(facts).fingerprint,
    );
  });

  it.each<[string, Partial<DeadLetterFacts>]>([
    ['another message', { failure_message: 'There is no dataset.' }],
    ['another class', { failure_class: 'RangeError' }],
    ['another code', { failure_code: 'ingest.other' }],
    ['another type of message', { message_type: 'ingest.split-file.v1' }],
    ['another function', { failure_stack: stackOf('split', 10) }],
    ['no stack', { failure_stack: null }],
  ])('differs with %s', (_, change) => {
    expect(fingerprintOf({ ...facts, ...change }).fingerprint).not.toBe(
      fingerprintOf(facts).fingerprint,
    );
  });

  it('tells people what it is', () => {
    expect(fingerprintOf(facts)).toEqual({
      version: fingerprintVersion,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      kind: 'failure',
      title: 'ImportNotFound: There is no import <id>.',
      code: 'ingest.import-not-found',
      class: 'ImportNotFound',
      messageType: 'ingest.load-chunk.v1',
      frame: 'load (apps/ingest/src/load)',
    });
    expect(fingerprintOf({ ...facts, failure_message: '' }).title).toBe(
      'ImportNotFound: ingest.import-not-found',
    );
  });

  it('groups messages over which workers died by queue and type, whatever else is told', () => {
    const died = { ...facts, failure_code: workerDied };
    const found = fingerprintOf(died);

    expect(found).toMatchObject({
      kind: 'worker_died',
      title: 'Workers died over ingest.load-chunk.v1 in ingest.load-chunk',
      frame: null,
    });
    expect(fingerprintOf({ ...died, failure_message: 'Other.' })).toEqual(found);
    expect(fingerprintOf({ ...died, queue: 'x' }).fingerprint).not.toBe(found.fingerprint);
  });

  it('groups unrouted messages by type, and those without a type by routing key', () => {
    const lost = { ...facts, failure_code: unrouted, queue: null };

    expect(fingerprintOf(lost)).toMatchObject({
      kind: 'unrouted',
      title: 'No queue takes ingest.load-chunk.v1',
    });
    expect(fingerprintOf({ ...lost, message_type: null })).toMatchObject({
      title: 'No queue takes ingest.load-chunk',
    });
  });

  it('takes a failure that only claims to be unrouted for a failure', () => {
    expect(fingerprintOf({ ...facts, failure_code: unrouted }).kind).toBe('failure');
  });

  it('keeps what people read short, and fit for a column', () => {
    const { title, frame } = fingerprintOf({
      ...facts,
      failure_class: '😀'.repeat(1000),
      failure_stack: stackOf('😀'.repeat(800), 1),
    });

    expect(title.length).toBeLessThanOrEqual(300);
    expect(frame?.length).toBeLessThanOrEqual(500);
    expect(`${title}${frame}`.isWellFormed()).toBe(true);
  });
});
