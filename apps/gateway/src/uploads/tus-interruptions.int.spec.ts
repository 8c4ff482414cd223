import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@offload/testing';
import { keyOf, textOf, tusHarness } from '../../test/tus-harness.js';
import { checksum, sha256, tus } from '../../test/tus-requests.js';

describe('an upload by tus that is disturbed:', () => {
  const {
    as,
    begin,
    died,
    fileOf,
    finish,
    folder,
    head,
    leases,
    patch,
    send,
    show,
    sizeOfPartial,
    storedOnly,
  } = tusHarness();

  describe('checksums', () => {
    it.each(['sha1', 'sha256', 'md5'])('are compared: %s', async (algorithm) => {
      const path = await begin(8);

      await patch(path, 0, 'id,name\n', checksum(algorithm, 'id,name\n')).expect(204);

      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('id,name\n') });
    });

    it('keep nothing of a piece that does not fit, and the next one makes the file whole', async () => {
      const path = await begin(8);
      await patch(path, 0, 'id,', checksum('sha1', 'id,')).expect(204);

      const wrong = await patch(path, 3, 'nbme\n', checksum('sha1', 'name\n')).expect(460);
      const stands = await head(path);
      await patch(path, 3, 'name\n', checksum('sha1', 'name\n')).expect(204);

      expect(wrong.body).toMatchObject({ code: 'checksum_mismatch', retryable: true });
      expect(stands.headers['upload-offset']).toBe('3');
      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('id,name\n') });
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
    });

    it('keep nothing of a piece that breaks off', async () => {
      const path = await begin(8);
      const socket = await send(path, {
        'Upload-Offset': '0',
        'Content-Length': '8',
        ...checksum('sha1', 'id,name\n'),
      });
      socket.write('id,n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      socket.destroy();

      await eventually(async () => expect(await leases(path)).toBe(0));
      expect((await head(path)).headers['upload-offset']).toBe('0');
      await patch(path, 0, 'id,name\n').expect(204);
      expect(await show(path)).toMatchObject({ sha256: sha256('id,name\n') });
    });
  });

  describe('a connection that breaks', () => {
    it('leaves what has come, and the upload goes on from there', async () => {
      const path = await begin(8);
      const socket = await send(path, { 'Upload-Offset': '0', 'Content-Length': '8' });
      socket.write('id,n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      socket.destroy();

      await eventually(async () =>
        expect((await head(path).expect(200)).headers['upload-offset']).toBe('4'),
      );
      await patch(path, 4, 'ame\n').expect(204);
      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('id,name\n') });
    });

    it('is stopped by whoever asks where to go on, although it is not known to be broken', async () => {
      const path = await begin(8);
      const stale = await send(path, { 'Upload-Offset': '0', 'Content-Length': '8' });
      const told = textOf(stale);
      stale.write('id,n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      const stands = await head(path).expect(200);
      await patch(path, 4, 'ame\n').expect(204);

      expect(stands.headers['upload-offset']).toBe('4');
      expect(await told).toMatch(/^HTTP\/1\.1 423 /);
      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('id,name\n') });
    });

    it('is stopped by the request that goes on, also when that one guesses right', async () => {
      const path = await begin(8);
      const stale = await send(path, { 'Upload-Offset': '0', 'Content-Length': '8' });
      stale.on('error', () => undefined);
      stale.write('id,n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      await patch(path, 4, 'ame\n').expect(204);

      expect(await show(path)).toMatchObject({ state: 'ready', sha256: sha256('id,name\n') });
      stale.destroy();
    });

    it('is stopped by a deletion, after which nothing is left', async () => {
      const path = await begin(8);
      const stale = await send(path, { 'Upload-Offset': '0', 'Content-Length': '8' });
      stale.on('error', () => undefined);
      stale.write('id,n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      await as().delete(path).set(tus).expect(204);

      await head(path).expect(404);
      await patch(path, 4, 'ame\n').expect(404);
      expect(sizeOfPartial(path)).toBeUndefined();
      stale.destroy();
    });
  });

  describe('a process that died', () => {
    it('has stored more than is written down, and that counts', async () => {
      const path = await begin(8);
      await storedOnly(path, 'id,n');
      await died(path, false);

      const stands = await head(path).expect(200);
      await patch(path, 4, 'ame\n').expect(204);

      expect(stands.headers['upload-offset']).toBe('4');
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
      // Nobody has hashed it on its way, so it is read again for that.
      expect(await show(path)).toMatchObject({ state: 'received', sha256: null });
    });

    it('has stored what nobody has compared with its checksum, and that does not count', async () => {
      const path = await begin(8);
      await storedOnly(path, 'wr0n');
      await died(path, true);

      const stands = await head(path).expect(200);
      await patch(path, 0, 'id,name\n').expect(204);

      expect(stands.headers['upload-offset']).toBe('0');
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
    });

    it('has left a file that two have written to, and the upload begins anew', async () => {
      const path = await begin(8);
      await storedOnly(path, 'id,name\nand more');
      await finish(path);
      await died(path, false);

      const stands = await head(path).expect(200);
      await patch(path, 0, 'id,name\n').expect(204);

      expect(stands.headers['upload-offset']).toBe('0');
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
    });

    it('is only frozen, and finishes a write when another goes on: those bytes do not count', async () => {
      const path = await begin(8);
      await patch(path, 0, 'id').expect(204);
      const socket = await send(path, { 'Upload-Offset': '2', 'Content-Length': '6' });
      const told = textOf(socket);
      socket.write(',n');
      await eventually(() => expect(sizeOfPartial(path)).toBe(4));

      appendFileSync(join(folder, '.partials', keyOf(path)), 'xx');
      socket.write('ame\n');

      expect(await told).toMatch(/^HTTP\/1\.1 423 /);
      expect((await head(path)).headers['upload-offset']).toBe('2');
      await patch(path, 2, ',name\n').expect(204);
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
    });

    it.each([
      ['between the last byte and the file', async () => undefined],
      ['between the file and the commit', (path: string) => finish(path)],
    ])('%s, and the upload is whole all the same', async (_, then) => {
      const path = await begin(8);
      await storedOnly(path, 'id,name\n');
      await then(path);
      await died(path, false);

      const stands = await head(path).expect(200);

      expect(stands.headers['upload-offset']).toBe('8');
      expect(await show(path)).toMatchObject({ state: 'received', offset: 8 });
      expect(readFileSync(fileOf(path), 'utf8')).toBe('id,name\n');
    });
  });
});
