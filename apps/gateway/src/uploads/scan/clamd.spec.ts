import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { EICAR, ScriptedClamd, type ScriptedClamdOptions } from '../../../test/scripted-clamd.js';
import { clamdAddressOf, ClamdUrl } from './clamd-address.js';
import { Clamd } from './clamd.js';

const MIB = 1024 ** 2;

describe(Clamd.name, () => {
  let daemon: ScriptedClamd;

  afterEach(() => daemon.stop());

  const start = async (options: ScriptedClamdOptions = {}, path?: string) => {
    daemon = await ScriptedClamd.start(options, path);
    return new Clamd(daemon.url);
  };

  it('has every byte looked at, and calls a harmless file clean', async () => {
    const clamd = await start();
    const bytes = randomBytes(3 * MIB + 1);

    const result = await clamd.scan(inPieces(bytes));

    expect(result).toEqual({ verdict: 'clean' });
    expect(daemon.received.equals(bytes)).toBe(true);
  });

  it('names what it found', async () => {
    const clamd = await start();

    const result = await clamd.scan(inPieces(Buffer.from(`a,b\n1,${EICAR}\n`)));

    expect(result).toEqual({ verdict: 'infected', signature: 'Eicar-Test-Signature' });
  });

  it('does not take an empty piece for the end', async () => {
    const clamd = await start();

    const result = await clamd.scan(Readable.from([Buffer.alloc(0), Buffer.from(EICAR)]));

    expect(result).toMatchObject({ verdict: 'infected' });
  });

  it('takes an empty file for clean', async () => {
    const clamd = await start();

    expect(await clamd.scan(Readable.from([]))).toEqual({ verdict: 'clean' });
  });

  it('speaks over a UNIX socket as well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'clamd-'));
    const clamd = await start({}, join(folder, 'clamd.ctl'));

    expect(await clamd.scan(inPieces(Buffer.from(EICAR)))).toMatchObject({ verdict: 'infected' });
    await rm(folder, { recursive: true });
  });

  it('tells a stream that is longer than clamd takes, and leaves the rest of it unread', async () => {
    const clamd = await start({ streamMaxLength: MIB });
    let produced = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          produced += 65_536;
          yield Buffer.alloc(65_536);
        }
      })(),
    );

    const result = await clamd.scan(endless);

    expect(result).toMatchObject({ verdict: 'too-large' });
    expect(endless.destroyed).toBe(true);
    expect(produced).toBeLessThan(100 * MIB);
  });

  it('does not send more than it knows clamd to take', async () => {
    await start();
    const clamd = new Clamd(daemon.url, { streamMaxBytes: 9 });

    expect(await clamd.scan(inPieces(Buffer.alloc(9)))).toEqual({ verdict: 'clean' });
    expect(await clamd.scan(inPieces(Buffer.alloc(10)))).toEqual({
      verdict: 'too-large',
      reason: 'clamd takes 9 bytes and no more',
    });
  });

  it('does not call clean what clamd has not looked into', async () => {
    const clamd = await start({ answer: 'stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND' });

    const result = await clamd.scan(inPieces(Buffer.alloc(9)));

    expect(result).toMatchObject({ verdict: 'too-large' });
  });

  it('takes an answer that it does not understand for none', async () => {
    const clamd = await start({ answer: "stream: Can't allocate memory ERROR" });

    const result = await clamd.scan(inPieces(Buffer.alloc(9)));

    expect(result).toEqual({
      verdict: 'unavailable',
      reason: "clamd answered “stream: Can't allocate memory ERROR”",
    });
  });

  it('does not wait for ever', async () => {
    await start({ isSilent: true });
    const clamd = new Clamd(daemon.url, { patienceMs: 50 });

    const result = await clamd.scan(inPieces(Buffer.alloc(9)));

    expect(result).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('nothing happened') as unknown,
    });
  });

  it('sends no faster than clamd reads', async () => {
    await start();
    const reader = createServer((socket) => socket.pause());
    await new Promise<void>((resolve) => reader.listen(0, '127.0.0.1', resolve));
    const { port } = reader.address() as AddressInfo;
    let produced = 0;
    const endless = new Readable({
      read() {
        produced += 65_536;
        this.push(Buffer.alloc(65_536));
      },
    });

    const result = await new Clamd(`tcp://127.0.0.1:${port}`, { patienceMs: 200 }).scan(endless);

    expect(result).toMatchObject({ verdict: 'unavailable' });
    expect(produced).toBeLessThan(50 * MIB);
    reader.close();
  });

  it('is unavailable while nobody listens', async () => {
    const clamd = await start();
    await daemon.stop();
    const stream = inPieces(Buffer.alloc(3 * MIB));

    const result = await clamd.scan(stream);

    expect(result).toMatchObject({
      verdict: 'unavailable',
      reason: expect.stringContaining('ECONNREFUSED') as unknown,
    });
    expect(stream.destroyed).toBe(true);
    expect(await clamd.version()).toBeUndefined();
  });

  it('leaves a file that cannot be read to whoever opened it', async () => {
    const clamd = await start();
    const broken = Readable.from(
      (function* () {
        yield Buffer.alloc(9);
        throw new Error('the disk is gone');
      })(),
    );

    await expect(clamd.scan(broken)).rejects.toThrow('the disk is gone');
  });

  it('tells the version of the engine', async () => {
    const clamd = await start();

    expect(await clamd.version()).toBe('ClamAV 1.0.0/1/scripted');
  });
});

describe(clamdAddressOf.name, () => {
  it.each([
    ['tcp://clamav:3311', { host: 'clamav', port: 3311 }],
    ['tcp://clamav', { host: 'clamav', port: 3310 }],
    ['tcp://[::1]:3310', { host: '::1', port: 3310 }],
    ['unix:///run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }],
  ])('reads %s', (url, address) => {
    expect(clamdAddressOf(url)).toEqual(address);
  });

  it.each(['clamav:3310', 'http://clamav', 'unix://', 'unix://host/path', ''])(
    'says what is wrong with “%s”',
    (url) => {
      expect(ClamdUrl.safeParse(url).error?.issues[0]?.message).toMatch(/Write it as tcp:/);
    },
  );
});

function inPieces(bytes: Buffer): Readable {
  const odd = 65_521;
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += odd) yield bytes.subarray(at, at + odd);
    })(),
  );
}
