import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { UploadResource } from '@offload/contracts/http';
import { FileStore } from '@offload/storage';
import { eventually, settled } from '@offload/testing';
import { aStoredUpload } from '../../test/builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { EICAR, ScriptedClamd } from '../../test/scripted-clamd.js';
import { tusRequests } from '../../test/tus-requests.js';
import { RescanUploads } from './reap/rescan-uploads.js';

const folder = mkdtempSync(join(tmpdir(), 'offload-clamd-'));
const socket = join(folder, 'clamd.ctl');
afterAll(() => rmSync(folder, { recursive: true }));

let clamd: ScriptedClamd | undefined;
const startScanner = async (streamMaxLength?: number): Promise<void> => {
  clamd = await ScriptedClamd.start(
    streamMaxLength === undefined ? {} : { streamMaxLength },
    socket,
  );
};
const stopScanner = async (): Promise<void> => {
  await clamd?.stop();
  clamd = undefined;
};
afterEach(stopScanner);

const config = (policy: string) => ({ SCAN_POLICY: policy, CLAMD_URL: `unix://${socket}` });

describe('where every upload has to be scanned', () => {
  const { app, as, db, runtime } = gatewayHarness({
    broker: 'scan-required',
    config: config('required'),
  });
  const { begin, patch } = tusRequests(as);
  const { send, untilState, startImport } = clientOf(as);

  it('is ready when it was found clean, and waits until then', async () => {
    await startScanner();
    const path = await begin(8);
    await patch(path, 0, 'id,name\n').expect(204);

    const plain = await send('a,b\n');

    expect(plain).toMatchObject({ state: 'scanning', scan: { status: 'pending' } });
    for (const ready of [
      await untilState(path, 'ready'),
      await untilState(plain.links.self, 'ready'),
    ]) {
      expect(ready.scan).toEqual({
        status: 'clean',
        engine: 'ClamAV 1.0.0/1/scripted',
        signature: null,
        at: expect.any(String),
      });
    }
    await startImport(plain.id).expect(202);
  });

  it('is in quarantine when something was found: kept, and good for nothing', async () => {
    await startScanner();
    const { id, links } = await send(`a,b\n1,${EICAR}\n`);

    const found = await untilState(links.self, 'quarantined');

    const detail = 'The virus scanner found Eicar-Test-Signature in it.';
    expect(found).toMatchObject({
      scan: { status: 'infected', signature: 'Eicar-Test-Signature' },
      problem: { code: 'infected', detail },
      expires_at: null,
    });
    for (const refused of [await startImport(id), await as().get(links.content)]) {
      expect(refused.status).toBe(409);
      expect(refused.body.detail).toContain('found Eicar-Test-Signature');
    }
    await as().delete(links.self).expect(204);
  });

  it('waits while the scanner is away, and is ready when it is back', async () => {
    const retried = settled(
      runtime(),
      ({ queue, outcome }) => queue === 'gateway.check-upload' && outcome === 'retry',
      2,
    );
    const { id, links } = await send('a,b\n');
    await retried;
    expect((await startImport(id).expect(409)).body.detail).toContain('waits for its virus scan');

    await startScanner();

    expect(await untilState(links.self, 'ready')).toMatchObject({ scan: { status: 'clean' } });
  });

  it('is asked for again when its message was given up on, once the scanner is back', async () => {
    // As after a day of trying: the message is a dead letter, and nothing tries by itself.
    const { id, storageKey } = await aStoredUpload(db(), {
      state: 'scanning',
      scanStatus: 'pending',
      sha256: null,
      size: 4,
      askedAt: new Date(Date.now() - 86_400_000),
    });
    await app()
      .get(FileStore, { strict: false })
      .put(storageKey, Readable.from(['a,b\n']));

    expect(await rescan().run()).toBe(0);
    await startScanner();
    expect(await rescan().run()).toBe(1);
    expect(await rescan().run()).toBe(0);

    expect(await untilState(`/v1/uploads/${id}`, 'ready')).toMatchObject({
      scan: { status: 'clean' },
    });
  });

  it('is rejected when the scanner does not look into files as large as it', async () => {
    await startScanner(100);

    const { links } = await send('x'.repeat(200_000));

    expect(await untilState(links.self, 'rejected')).toMatchObject({
      scan: { status: 'too_large' },
      problem: { code: 'too_large_to_scan' },
    });
  });

  const rescan = (): RescanUploads => app().get(RescanUploads, { strict: false });
});

describe('where uploads are scanned if that is possible', () => {
  const { app, as, db } = gatewayHarness({ broker: 'scan-if', config: config('best_effort') });
  const { send, untilState, startImport } = clientOf(as);

  it('is ready without a verdict while the scanner is away, and is scanned later', async () => {
    const clean = await send('a,b\n');
    const infected = await send(EICAR);
    for (const { links } of [clean, infected]) {
      expect(await untilState(links.self, 'ready')).toMatchObject({
        scan: { status: 'not_scanned', engine: null, at: null },
      });
    }
    await startImport(clean.id).expect(202);
    await db().query(`update upload set asked_at = now() - interval '1 hour'`);

    await startScanner();
    await app().get(RescanUploads, { strict: false }).run();

    expect(await untilState(infected.links.self, 'quarantined')).toMatchObject({
      scan: { status: 'infected' },
    });
    await eventually(async () => {
      const { body } = await as().get(clean.links.self);
      expect(body).toMatchObject({ state: 'ready', scan: { status: 'clean' } });
    });
  });
});

function clientOf(as: ReturnType<typeof gatewayHarness>['as']) {
  return {
    send: async (text: string): Promise<UploadResource> => {
      const { body } = await as().post('/v1/uploads').type('text/plain').send(text).expect(201);
      return body as UploadResource;
    },
    untilState: (path: string, state: string): Promise<UploadResource> =>
      eventually(async () => {
        const { body } = await as().get(path).expect(200);
        expect(body).toMatchObject({ state });
        return body as UploadResource;
      }, 15_000),
    startImport: (id: string) =>
      as()
        .post('/v1/imports')
        .send({ upload_id: id, dataset: { name: 'people' } }),
  };
}
