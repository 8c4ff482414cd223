import type { ImportResource, List, UploadResource } from '@offload/contracts/http';
import { Upload as TusUpload, type UploadOptions } from 'tus-js-client';
import { eventually } from '../libs/testing/src/eventually.js';
import { count } from './harness/database.js';
import { numberedColumns, numberedCsv } from './harness/numbered-csv.js';
import { stackHarness } from './harness/stack-harness.js';

const csv = numberedCsv({ rows: 50_000, badEvery: 10_000 });

describe('a file that is sent by tus', () => {
  const running = stackHarness();

  it.each<[string, Partial<UploadOptions>]>([
    ['in chunks', { chunkSize: 1_000_000 }],
    ['over four connections', { parallelUploads: 4 }],
  ])('%s is imported like any other, and nothing of it is lost', async (how, options) => {
    const { api, db } = running();
    const dataset = how.replaceAll(' ', '_');

    const upload = await send(options);
    await eventually(async () => {
      expect(await api.get(`/v1/uploads/${upload}`)).toMatchObject({ state: 'ready' });
    }, 30_000);
    const { id } = await api.startImport({
      upload_id: upload,
      dataset: { name: dataset, columns: numberedColumns },
    });
    await eventually(async () => {
      expect(await api.getImport(id)).toMatchObject({
        state: 'completed_with_errors',
        progress: { rows_loaded: csv.rows, rows_rejected: csv.rejected },
      });
    }, 60_000);

    expect(await count(db, `select count(*) from datasets.${dataset}`)).toBe(csv.rows);
    const removed = await api.call('DELETE', `/v1/uploads/${upload}`);
    expect(removed.status).toBe(204);
    expect((await api.get<ImportResource>(`/v1/imports/${id}`)).upload_id).toBe(upload);
  });

  it('is listed, and comes back as it was', async () => {
    const { api, stack } = running();

    const id = await send({});

    const list = await api.get<List<UploadResource>>('/v1/uploads?state=ready');
    expect(list.data[0]).toMatchObject({ id, file_name: 'rows.csv', detected_type: 'text/csv' });
    const answer = await fetch(`${stack.url}/v1/uploads/${id}/content`, {
      headers: { authorization: `Bearer ${stack.apiKey}` },
    });
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="rows.csv"');
    expect(await answer.text()).toBe(csv.text);
  });

  const send = (options: Partial<UploadOptions>): Promise<string> => {
    const { stack } = running();
    return new Promise((resolve, reject) => {
      const upload = new TusUpload(Buffer.from(csv.text), {
        endpoint: `${stack.url}/v1/uploads`,
        headers: { Authorization: `Bearer ${stack.apiKey}` },
        metadata: { filename: 'rows.csv', filetype: 'text/csv' },
        onSuccess: () => resolve(String(upload.url).slice(-36)),
        onError: reject,
        ...options,
      });
      upload.start();
    });
  };
});
