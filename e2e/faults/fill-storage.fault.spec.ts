import { statfsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProblemDetails } from '@offload/contracts/http';
import { isFull } from '../harness/in-full.js';
import { NumberedLoad } from '../harness/numbered-load.js';
import { canMount, smallDiskHarness } from '../harness/small-disk.js';
import { everythingOnce, settleLoad } from '../harness/settle-load.js';
import { stackHarness } from '../harness/stack-harness.js';

/** Only root may mount a small file system; elsewhere this is skipped. */
const describeOnDisk = isFull && canMount() ? describe : describe.skip;

describeOnDisk('while the storage is full', () => {
  const disk = smallDiskHarness({ mebibytes: 16 });
  const running = stackHarness({
    env: () => ({ gateway: { STORAGE_FOLDER: disk() }, ingest: { STORAGE_FOLDER: disk() } }),
  });

  it('an upload is refused in words, nothing of it stays, and it works when there is room', async () => {
    const { api } = running();
    const load = new NumberedLoad('stored', api);
    await load.postImport();
    const filler = join(disk(), 'filler');
    await writeFile(filler, Buffer.alloc(freeBytes(disk()) - 1024 ** 2));
    const refusals = [];

    for (let n = 1; n <= 3; n += 1) {
      const body = new Uint8Array(4 * 1024 ** 2).fill(0x61);
      refusals.push(
        await api.call<ProblemDetails>('POST', '/v1/uploads?file_name=large.csv', { body }),
      );
    }
    const leftOver = await readdir(join(disk(), '.incoming'));
    await rm(filler);
    await load.postImport();

    expect(
      refusals.map(({ status, body: { code, retryable } }) => [status, code, retryable]),
    ).toEqual(refusals.map(() => [507, 'storage_full', true]));
    expect(refusals[0]?.body.detail).toMatch(/no room.*Nothing of it was kept/);
    expect(leftOver).toEqual([]);
    const settled = await settleLoad(load, running(), {
      scenario: 'storage full',
      faults: refusals.length,
    });
    expect(settled).toMatchObject(everythingOnce);
    expect(settled.rows.accepted).toBe(40);
  });
});

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
