import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FileStore } from '@offload/storage';
import { aStoredImport, aStoredUpload } from '../../../test/builders.js';
import { gatewayHarness } from '../../../test/gateway-harness.js';
import { tusRequests } from '../../../test/tus-requests.js';
import { defaultTenantId } from '../../access/bootstrap-access.js';
import type { Upload } from '../upload.entity.js';
import { ReapUploads } from './reap-uploads.js';

describe(ReapUploads, () => {
  const { app, as, db, folder } = gatewayHarness({
    config: { UPLOAD_EXPIRES_HOURS: '1', UPLOAD_RETENTION_DAYS: '10' },
  });
  const { begin, patch, head } = tusRequests(as);

  describe('of what nobody has gone on with', () => {
    it('removes the bytes, says that it has expired, and is 410 to whoever comes too late', async () => {
      const path = await begin(10);
      await patch(path, 0, 'abc').expect(204);
      await age(path, 'expires_at', '1 second');

      await Promise.all([reaper().run(), reaper().run()]);

      const { body } = await as().get(path).expect(200);
      expect(body).toMatchObject({
        state: 'expired',
        problem: { code: 'upload_expired', detail: 'Nobody has gone on with it in time.' },
      });
      expect(existsSync(partialOf(path))).toBe(false);
      await head(path).expect(410);
      const late = await patch(path, 3, 'def').expect(410);
      expect(late.body).toMatchObject({ code: 'upload_expired' });
    });

    it('refuses what comes too late also before it has run', async () => {
      const path = await begin(10);
      await age(path, 'expires_at', '1 second');

      const answers = [await patch(path, 0, 'abc'), await head(path)];

      expect(answers.map(({ status }) => status)).toEqual([410, 410]);
    });

    it('moves the time with every piece', async () => {
      const path = await begin(10);
      await db().query(`update upload set expires_at = now() + interval '1 minute' where id = $1`, [
        idOf(path),
      ]);

      const { headers } = await patch(path, 0, 'abc').expect(204);

      const leftMs = new Date(String(headers['upload-expires'])).getTime() - Date.now();
      expect(leftMs).toBeGreaterThan(50 * 60_000);
    });

    it('leaves one alone of which bytes are coming at this moment', async () => {
      const path = await begin(10);
      await age(path, 'expires_at', '1 second');
      await db().query(
        `insert into upload_lease (upload_id, holder, expires_at, is_checked)
         values ($1, gen_random_uuid(), now() + interval '10 seconds', false)`,
        [idOf(path)],
      );

      await reaper().run();

      expect(await stateOf(path)).toBe('receiving');
    });

    it('leaves parts alone that something is still to be put together from', async () => {
      const [one, two] = [
        await begin(3, { 'Upload-Concat': 'partial' }),
        await begin(3, { 'Upload-Concat': 'partial' }),
      ];
      await patch(one, 0, 'abc').expect(204);
      await as()
        .post('/v1/uploads')
        .set({ 'Tus-Resumable': '1.0.0', 'Upload-Concat': `final;${one} ${two}` })
        .expect(201);
      const alone = await begin(3, { 'Upload-Concat': 'partial' });
      await patch(alone, 0, 'abc').expect(204);
      for (const path of [one, two, alone]) await age(path, 'expires_at', '1 second');

      await reaper().run();

      expect([await stateOf(one), await stateOf(two), await stateOf(alone)]).toEqual([
        'received',
        'receiving',
        'expired',
      ]);
    });
  });

  describe('of what nobody uses', () => {
    it('removes the file after its time, and keeps what is newer', async () => {
      const [old, fresh] = [
        await stored({ expiresAt: ago(1) }),
        await stored({ expiresAt: ago(-1) }),
      ];

      await reaper().run();

      expect([await stateOf(old), await stateOf(fresh)]).toEqual(['expired', 'ready']);
      expect([existsSync(fileOf(old)), existsSync(fileOf(fresh))]).toEqual([false, true]);
      await as().get(`/v1/uploads/${old}/content`).expect(410);
    });

    it('keeps what an import reads, and what one has read lately', async () => {
      const reading = await used({ state: 'loading', finishedAt: null });
      const lately = await used({ state: 'completed', finishedAt: ago(24 * 9) });
      const longAgo = await used({ state: 'failed', finishedAt: ago(24 * 11) });

      await reaper().run();

      expect(await Promise.all([reading, lately, longAgo].map(stateOf))).toEqual([
        'ready',
        'ready',
        'expired',
      ]);
      const [row]: { days: string }[] = await db().query(
        `select round(extract(epoch from expires_at - now()) / 86400) as days from upload where id = $1`,
        [lately],
      );
      expect(Number(row?.days)).toBe(1);
    });

    it('keeps what is in quarantine until somebody deletes it', async () => {
      const id = await stored({
        state: 'quarantined',
        scanStatus: 'infected',
        expiresAt: null,
        createdAt: ago(24 * 400),
      });

      await reaper().run();

      expect(await stateOf(id)).toBe('quarantined');
    });
  });

  describe('of rows', () => {
    it('forgets what was deleted, what has expired long ago, and nothing that an import speaks of', async () => {
      const deleted = await stored({ deletedAt: ago(1) });
      const expired = await stored({ state: 'expired', removedAt: ago(24 * 11) });
      const lately = await stored({ state: 'expired', removedAt: ago(24 * 9) });
      const spokenOf = (await aStoredImport(db(), { state: 'failed', finishedAt: ago(1) }))
        .uploadId;
      await db().query(`update upload set deleted_at = now() where id = $1`, [spokenOf]);

      await reaper().run();
      await reaper().run();

      expect(existsSync(fileOf(deleted))).toBe(false);
      expect(await Promise.all([deleted, expired, lately, spokenOf].map(stateOf))).toEqual([
        undefined,
        undefined,
        'expired',
        'ready',
      ]);
      await as().get(`/v1/uploads/${spokenOf}`).expect(404);
    });

    it('removes what could not be removed when it was rejected', async () => {
      const id = await stored({ state: 'rejected' });

      await reaper().run();

      expect(existsSync(fileOf(id))).toBe(false);
      expect(await stateOf(id)).toBe('rejected');
    });
  });

  it('does nothing while another replica is at it', async () => {
    const id = await stored({ expiresAt: ago(1) });

    await db().transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', ['reap uploads']);
      await reaper().run();
      expect(await stateOf(id)).toBe('ready');
    });
    await reaper().run();

    expect(await stateOf(id)).toBe('expired');
  });

  const reaper = (): ReapUploads => app().get(ReapUploads, { strict: false });
  const fileOf = (path: string): string => join(folder, defaultTenantId, idOf(path));
  const partialOf = (path: string): string =>
    join(folder, '.partials', defaultTenantId, idOf(path));

  /** An upload with a file of its own. */
  const stored = async (fields: Partial<Upload>): Promise<string> => {
    const { id, storageKey } = await aStoredUpload(db(), { size: 3, ...fields });
    await app()
      .get(FileStore, { strict: false })
      .put(storageKey, Readable.from(['abc']));
    return id;
  };

  /** One past its time that an import reads, or has read. */
  const used = async (fields: Parameters<typeof aStoredImport>[1]): Promise<string> => {
    const { uploadId } = await aStoredImport(db(), { createdAt: ago(24 * 20), ...fields });
    await age(uploadId, 'expires_at', '1 second');
    return uploadId;
  };

  const age = async (path: string, column: string, by: string): Promise<void> => {
    await db().query(`update upload set ${column} = now() - interval '${by}' where id = $1`, [
      idOf(path),
    ]);
  };

  const stateOf = async (path: string): Promise<string | undefined> => {
    const [row]: { state: string }[] = await db().query('select state from upload where id = $1', [
      idOf(path),
    ]);
    return row?.state;
  };
});

/** Also of a bare id. */
function idOf(path: string): string {
  return path.slice(-36);
}

function ago(hours: number): Date {
  return new Date(Date.now() - hours * 3_600_000);
}
