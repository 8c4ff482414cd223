import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { Shutdown } from '@offload/platform';
import { eventually } from '@offload/testing';
import { tusHarness } from '../../test/tus-harness.js';
import { offsetStream, tus } from '../../test/tus-requests.js';

describe('uploads that run longer than a gateway that stops can wait', () => {
  const harness = tusHarness();

  it('are answered, and what came by tus is kept', async () => {
    const { app, begin, bootstrapKey, folder, head, sizeOfPartial, url } = harness;
    const path = await begin(1000);
    const keyed = { 'Content-Type': 'text/csv', 'Idempotency-Key': randomUUID() };
    const first = send('POST', '/v1/uploads?file_name=a.csv', { ...keyed, 'Content-Length': 8 });
    first.write('id,name\n');
    expect(await first.answer).toMatchObject({ status: 201 });
    const repeated = send('POST', '/v1/uploads?file_name=a.csv', keyed);
    const plain = send('POST', '/v1/uploads?file_name=a.csv', { 'Content-Type': 'text/csv' });
    const form = send('POST', '/v1/uploads', {
      'Content-Type': 'multipart/form-data; boundary=x',
    });
    const resumable = send('PATCH', path, { ...tus, ...offsetStream, 'Upload-Offset': '0' });
    plain.write('id,name\n');
    form.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nid\n');
    resumable.write('id,name\n');
    await eventually(() => expect(sizeOfPartial(path)).toBe(8));
    await eventually(() => expect(incoming()).toHaveLength(2));

    app().get(Shutdown).end();
    repeated.write('id,name\n');

    const refused = { status: 503, body: { code: 'temporary_reduced_capacity', retryable: true } };
    expect(await plain.answer).toMatchObject(refused);
    expect(await form.answer).toMatchObject(refused);
    expect(await repeated.answer).toMatchObject(refused);
    expect(await resumable.answer).toMatchObject(refused);
    expect((await head(path)).headers['upload-offset']).toBe('8');
    expect(incoming()).toEqual([]);

    function incoming(): string[] {
      const place = join(folder, '.incoming');
      return existsSync(place) ? readdirSync(place) : [];
    }

    /** A request whose body does not come to its end. */
    function send(method: string, target: string, headers: Record<string, string | number>) {
      const sending = request(url() + target, {
        method,
        headers: { Authorization: `Bearer ${bootstrapKey}`, 'Content-Length': 1000, ...headers },
      });
      const answer = once(sending, 'response').then(async ([response]) => {
        const message = response as IncomingMessage;
        const body = await json(message);
        sending.destroy();
        return { status: message.statusCode, body };
      });
      return { write: (text: string) => sending.write(text), answer };
    }
  });
});
