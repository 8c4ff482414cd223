import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UploadResource } from '@offload/contracts/http';
import { poll } from '../../scripts/lib/poll.mts';
import { runOffload } from '../harness/command-line.js';
import { isFull } from '../harness/in-full.js';
import { ResumableUpload } from '../harness/resumable-upload.js';
import { stackHarness, type TestStack } from '../harness/stack-harness.js';
import { nothingLostOrDoubled, tellTallies } from '../harness/tally.js';

const mebibyte = 1024 ** 2;
const kills = isFull ? 5 : 2;

describe('an upload whose gateway is killed in the middle', () => {
  const running = stackHarness();

  it('goes on where it was when the gateway starts again, and is the same file', async () => {
    const { api, stack } = running();
    const upload = await ResumableUpload.begin(
      api,
      randomBytes(48 * mebibyte),
      stack.storageFolder,
    );

    let offset = 0;
    for (let n = 1; n <= kills; n += 1) {
      const sending = upload.sendFrom(offset, stack);
      await upload.untilStored(offset + 4 * mebibyte);
      await stack.service('gateway').kill();
      expect(await sending).toBeUndefined();
      const stored = upload.stored();
      await stack.startAgain('gateway');

      offset = await upload.offset();

      // Not a byte that has reached the storage is sent twice.
      expect(offset).toBe(stored);
    }
    expect(await upload.sendFrom(offset, stack)).toBe(204);

    await expectSame(running(), upload, { scenario: 'gateway killed in an upload', faults: kills });
  });

  it('goes on at another gateway', async () => {
    const { api, stack } = running();
    const doomed = await stack.startReplica('gateway');
    const upload = await ResumableUpload.begin(
      api,
      randomBytes(24 * mebibyte),
      stack.storageFolder,
    );

    const sending = upload.sendFrom(0, { url: doomed.url, apiKey: stack.apiKey });
    await upload.untilStored(4 * mebibyte);
    await doomed.kill();
    expect(await sending).toBeUndefined();
    const offset = await upload.offset();
    expect(offset).toBe(upload.stored());
    expect(await upload.sendFrom(offset, stack)).toBe(204);

    await expectSame(running(), upload, {
      scenario: 'one of two gateways killed in an upload',
      faults: 1,
    });
  });

  it('is let go of by a gateway that stops and cannot wait, and goes on at another at once', async () => {
    const { api, stack } = running();
    const leaving = await stack.startReplica('gateway', { DRAIN_TIMEOUT_MS: '0' });
    const upload = await ResumableUpload.begin(
      api,
      randomBytes(24 * mebibyte),
      stack.storageFolder,
    );

    const sending = upload.sendFrom(0, { url: leaving.url, apiKey: stack.apiKey });
    await upload.untilStored(4 * mebibyte);
    const stopped = leaving.stop();
    expect(await sending).toBe(503);
    const offset = await upload.offset();
    expect(await upload.sendFrom(offset, stack)).toBe(204);

    expect(await stopped).toEqual({ code: 0, signal: null });
    await expectSame(running(), upload, { scenario: 'gateway stopped in an upload', faults: 1 });
  });

  describe('and the command line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'offload-upload-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('waits for it and goes on by itself', async () => {
      const { api, stack } = running();
      const bytes = randomBytes(256 * mebibyte);
      const file = join(folder, 'large.bin');
      writeFileSync(file, bytes);
      const { port } = new URL(stack.url);

      const sending = runOffload(stack, ['upload', file]);
      await untilSome(join(stack.storageFolder, '.partials'), 8 * mebibyte);
      await stack.service('gateway').kill();
      await stack.startAgain('gateway', { PORT: port });
      const ran = await sending;

      expect(ran).toMatchObject({ code: 0, err: expect.stringContaining('Trying again in') });
      const sent = await api.get<UploadResource>(`/v1/uploads/${ran.out.trim()}`);
      expect(sent).toMatchObject({ size: bytes.length, offset: bytes.length });
      expect((await contentOf(running(), sent.id)).equals(bytes)).toBe(true);
    });
  });
});

async function expectSame(
  running: TestStack,
  upload: ResumableUpload,
  { scenario, faults }: { scenario: string; faults: number },
): Promise<void> {
  expect(await upload.untilReady()).toMatchObject({ sha256: upload.sha256 });
  const counted = upload.compare(await contentOf(running, upload.id));
  tellTallies(scenario, faults, [counted]);
  expect(counted).toMatchObject(nothingLostOrDoubled);
}

/** Once it can be used: a gateway that has not seen all of it has it hashed first. */
async function contentOf({ stack }: TestStack, id: string): Promise<Buffer> {
  const get = (): Promise<Response> =>
    fetch(`${stack.url}/v1/uploads/${id}/content`, {
      headers: { authorization: `Bearer ${stack.apiKey}` },
    });
  const response = await poll(
    async () => {
      const answer = await get();
      return answer.ok ? answer : undefined;
    },
    { withinMs: 60_000 },
  );
  if (!response) throw new Error('The content did not come within a minute.');
  return Buffer.from(await response.arrayBuffer());
}

/** Returns once a partial in the folder has so many bytes. */
async function untilSome(folder: string, bytes: number): Promise<void> {
  const look = (): boolean =>
    readdirSync(folder, { recursive: true }).some((name) => {
      const found = statSync(join(folder, String(name)), { throwIfNoEntry: false });
      return found?.isFile() === true && found.size >= bytes;
    });
  if (await poll(look, { withinMs: 60_000, everyMs: 2 })) return;
  throw new Error(`Nothing has come to ${bytes} bytes within a minute.`);
}
