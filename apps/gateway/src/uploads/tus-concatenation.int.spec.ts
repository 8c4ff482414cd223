import { randomUUID } from 'node:crypto';
import { idOf, maxBytes, tusHarness } from '../../test/tus-harness.js';
import { metadata } from '../../test/tus-requests.js';

describe('tus', () => {
  const { aKey, as, begin, checksAskedFor, create, head, patch, show, url } = tusHarness();

  describe('concatenation', () => {
    const part = { 'Upload-Concat': 'partial' };

    it('keeps parts for themselves, and tells what they are', async () => {
      const path = await begin(4, part);
      await patch(path, 0, 'a,b\n').expect(204);

      const { headers } = await head(path).expect(200);
      const list = await as().get('/v1/uploads?limit=100').expect(200);

      expect(headers).toMatchObject({ 'upload-concat': 'partial', 'upload-offset': '4' });
      expect(await show(path)).toMatchObject({ state: 'received', kind: 'part' });
      expect(list.body.data.map(({ id }: { id: string }) => id)).not.toContain(idOf(path));
    });

    it('puts together what has no end yet, and begins when the last part is whole', async () => {
      const [one, two] = [await begin(4, part), await begin(4, part)];
      await patch(one, 0, 'a,b\n').expect(204);
      const header = final(`${url()}${one}`, two);
      const begun = await create({ ...header, ...metadata({ filename: 'ab.csv' }) }).expect(201);
      const path = String(begun.headers['location']);
      const before = await head(path).expect(200);
      await as().delete(one).expect(409);

      await patch(two, 0, '1,2\n').expect(204);

      const after = await head(path).expect(200);
      expect(before.headers).toMatchObject({ 'upload-concat': header['Upload-Concat'] });
      for (const { headers } of [before, after])
        expect(headers).not.toHaveProperty('upload-offset');
      expect(after.headers['upload-length']).toBe('8');
      expect(await show(path)).toMatchObject({ state: 'received', kind: 'assembled', size: 8 });
      expect(await checksAskedFor(path)).toBe(1);
    });

    it('is begun by one of two parts that become whole at once', async () => {
      const parts = await Promise.all([begin(4, part), begin(4, part), begin(4, part)]);
      const { headers } = await create(final(...parts)).expect(201);

      await Promise.all(parts.map((path) => patch(path, 0, 'a,b\n').expect(204)));

      expect(await checksAskedFor(String(headers['location']))).toBe(1);
    });

    it('refuses bytes for what is put together, and parts that are none', async () => {
      const one = await begin(4, part);
      const { headers } = await create(final(one)).expect(201);
      const whole = await begin(4);
      const theirs = await begin(4, part, await aKey());

      const answers = [
        await patch(String(headers['location']), 0, 'a'),
        await create({ ...final(one), 'Upload-Length': '4' }),
        await create(final(whole)),
        await create(final(theirs)),
        await create(final(`/v1/uploads/${randomUUID()}`)),
      ];

      expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
        [403, 'final_upload'],
        [400, 'invalid_header'],
        [400, 'invalid_header'],
        [404, 'not_found'],
        [404, 'not_found'],
      ]);
    });

    it('takes an empty part, and refuses a whole that would be empty or too large', async () => {
      const empty = await begin(0, part);
      const halves = await Promise.all([begin(maxBytes, part), begin(1, part)]);

      const nothing = await create(final(empty)).expect(201);

      expect(nothing.body).toMatchObject({ state: 'rejected', problem: { code: 'empty_file' } });
      await create(final(...halves)).expect(413);
    });
  });
});

/** The header Upload-Concat of what is put together. */
function final(...paths: string[]): { 'Upload-Concat': string } {
  return { 'Upload-Concat': `final;${paths.join(' ')}` };
}
