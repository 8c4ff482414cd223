import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Pour } from './pour.js';

describe(Pour, () => {
  it('lets everything through and hashes what it lets through', async () => {
    const hash = createHash('sha256');
    const pour = new Pour(Readable.from([Buffer.from('ab'), Buffer.from('cd')]), {
      hashes: [hash],
    });

    expect((await buffer(pour.stream)).toString()).toBe('abcd');
    expect(pour).toMatchObject({ bytes: 4, end: 'complete' });
    expect(hash.digest('hex')).toBe(createHash('sha256').update('abcd').digest('hex'));
  });

  it('ends in good order when the source breaks off, with every byte that it has counted', async () => {
    const broken = Readable.from(
      (function* () {
        for (let n = 0; n < 40; n += 1) yield Buffer.alloc(1000);
        throw new Error('the client went away');
      })(),
    );
    const pour = new Pour(broken, { hashes: [] });

    const bytes = await buffer(pour.stream);

    expect(bytes.length).toBe(40_000);
    expect(pour).toMatchObject({
      bytes: 40_000,
      end: 'broken',
      error: { message: 'the client went away' },
    });
  });

  it('stops while nothing comes, and leaves the source alive', async () => {
    const source = new PassThrough();
    const stop = new AbortController();
    const pour = new Pour(source, { hashes: [], stop: stop.signal });
    const pieces = pour.stream.iterator({ destroyOnReturn: false });
    source.write('abc');
    expect(String((await pieces.next()).value)).toBe('abc');
    const next = pieces.next();

    stop.abort();

    expect(await next).toMatchObject({ done: true });
    expect(pour).toMatchObject({ bytes: 3, end: 'stopped' });
    expect(source.destroyed).toBe(false);
  });

  it('lets nothing through once it may not go on', async () => {
    let isLive = true;
    const source = Readable.from([Buffer.from('ab'), Buffer.from('cd'), Buffer.from('ef')]);
    const pour = new Pour(source, { hashes: [], mayGoOn: () => isLive });

    const pieces = [];
    for await (const piece of pour.stream) {
      pieces.push(String(piece));
      isLive = false;
    }

    expect(pour.end).toBe('stopped');
    expect(pieces.join('').length).toBe(pour.bytes);
    expect(pieces.length).toBeLessThan(3);
  });

  it('shows the first bytes once, and stops when they are not welcome', async () => {
    const heads: string[] = [];
    const source = Readable.from(['ab', 'cd', 'ef'].map((text) => Buffer.from(text)));
    const pour = new Pour(source, {
      hashes: [],
      headBytes: 3,
      onHead: (head) => {
        heads.push(head.toString());
        return false;
      },
    });

    await buffer(pour.stream);

    expect(heads).toEqual(['abc']);
    expect(pour).toMatchObject({ bytes: 4, end: 'stopped' });
  });
});
