import { readFileSync, statSync } from 'node:fs';
import { request as httpRequest, type ClientRequest } from 'node:http';
import { join } from 'node:path';
import { eventually } from '@offload/testing';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { offsetStream, sha256, tus, tusRequests } from '../../test/tus-requests.js';
import { defaultTenantId } from '../access/bootstrap-access.js';

/** Two gateways behind a balancer: one database, one storage, and any of them may get the next request. */
describe('uploads over two replicas', () => {
  const one = gatewayHarness();
  const other = gatewayHarness({
    config: { STORAGE_FOLDER: one.folder, BOOTSTRAP_API_KEY: one.bootstrapKey },
  });
  const asThere = () => other.as(one.bootstrapKey);
  const here = tusRequests(one.as);
  const there = tusRequests(asThere);
  const bytes = Buffer.from('id,name\n1,Ada\n2,Zoë\n');

  it('are begun at one, gone on with at the other, and the same file in the end', async () => {
    const path = await here.begin(bytes.length);
    let offset = 0;
    for (const { patch, head } of [here, there, here, there]) {
      expect((await head(path)).headers['upload-offset']).toBe(String(offset));
      const piece = bytes.subarray(offset, offset + 6);
      offset += piece.length;
      const { headers } = await patch(path, offset - piece.length, piece).expect(204);
      expect(headers['upload-offset']).toBe(String(offset));
    }

    expect(readFileSync(fileOf(path)).equals(bytes)).toBe(true);
    // No process has seen all of it, so it is hashed by whoever takes the message.
    expect(await here.show(path)).toMatchObject({ state: 'received', offset: bytes.length });
  });

  it('are ready at once when all of it came to one of them', async () => {
    const path = await here.begin(bytes.length);

    await there.patch(path, 0, bytes.subarray(0, 10)).expect(204);
    await there.patch(path, 10, bytes.subarray(10)).expect(204);

    expect(await here.show(path)).toMatchObject({ state: 'ready', sha256: sha256(bytes) });
  });

  it.each<[string, (path: string) => Promise<unknown>, string]>([
    ['HEAD', (path) => there.head(path).expect(200), 'receiving'],
    ['PATCH', (path) => there.patch(path, 8, bytes.subarray(8)).expect(204), 'received'],
    ['DELETE', (path) => asThere().delete(path).set(tus).expect(204), 'gone'],
  ])(
    'stop a request at the other one when a %s comes, and its bytes count',
    async (_, act, state) => {
      const path = await here.begin(bytes.length);
      const stale = sendHalf(path);
      await eventually(() => expect(sizeOfPartial(path)).toBe(8));

      await act(path);

      const { body } = await one.as().get(path);
      expect(await stale.status).toBe(423);
      expect(body.state ?? 'gone').toBe(state);
      expect(body.offset).toBe({ receiving: 8, received: bytes.length }[state]);
      expect(sizeOfPartial(path)).toBe(state === 'receiving' ? 8 : undefined);
    },
  );

  it('do not count what a replica writes that has lost its lease', async () => {
    const path = await here.begin(bytes.length);
    const stale = sendHalf(path);
    await eventually(() => expect(sizeOfPartial(path)).toBe(8));

    // As after a pause that was longer than the lease: another has taken over, and nobody was asked to stop.
    await one
      .db()
      .query(
        `update upload_lease set holder = gen_random_uuid(), expires_at = now() where upload_id = $1`,
        [path.slice(-36)],
      );
    stale.request.end(bytes.subarray(8));

    expect(await stale.status).toBe(423);
    const stands = await there.head(path).expect(200);
    const offset = Number(stands.headers['upload-offset']);
    if (offset < bytes.length) await there.patch(path, offset, bytes.subarray(offset)).expect(204);
    expect(readFileSync(fileOf(path)).equals(bytes)).toBe(true);
  });

  it('let many requests at one upload through one after the other', async () => {
    const path = await here.begin(bytes.length);

    const answers = await Promise.all(
      [here, there, here, there, here, there].map(({ patch }) => patch(path, 0, bytes)),
    );

    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(204);
    expect(statuses.filter((status) => ![204, 409, 413, 423].includes(status))).toEqual([]);
    expect(readFileSync(fileOf(path)).equals(bytes)).toBe(true);
  });

  /** Sends eight bytes to the first replica and then nothing more. */
  const sendHalf = (
    path: string,
  ): { request: ClientRequest; status: Promise<number | undefined> } => {
    const request = httpRequest(`${one.url()}${path}`, {
      method: 'PATCH',
      headers: {
        Authorization: `Bearer ${one.bootstrapKey}`,
        ...tus,
        ...offsetStream,
        'Upload-Offset': '0',
        'Content-Length': bytes.length,
      },
    });
    const status = new Promise<number | undefined>((resolve, reject) => {
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
    });
    status.catch(() => undefined);
    request.write(bytes.subarray(0, 8));
    return { request, status };
  };

  const fileOf = (path: string): string => join(one.folder, defaultTenantId, path.slice(-36));

  const sizeOfPartial = (path: string): number | undefined =>
    statSync(join(one.folder, '.partials', defaultTenantId, path.slice(-36)), {
      throwIfNoEntry: false,
    })?.size;
});
