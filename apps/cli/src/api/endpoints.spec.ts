import {
  CreateImportRequest,
  DeadLetterState,
  ImportState,
  ReplayItemState,
  ReplayState,
  routes,
} from '@offload/contracts/http';
import { deadLetterStates } from '../options/filter-options.js';
import { sourceReaders, valueReaders } from '../options/wish-options.js';
import { importStates } from '../imports/imports-command.js';
import { replayItemStates, replayStates } from '../replays/replays-command.js';
import { address, endpoints } from './endpoints.js';

describe('what the program knows of the API', () => {
  it('is what the contract says: methods and paths', () => {
    const served = new Map(
      routes.map(({ id, method, path }) => [id, `${method.toUpperCase()} ${path}`]),
    );

    expect(Object.keys(endpoints).map((id) => [id, served.get(id)])).toEqual(
      Object.entries(endpoints),
    );
  });

  it('sends an Idempotency-Key only to routes that take one', () => {
    const posts = routes.filter(({ id, method }) => method === 'post' && id in endpoints);

    const asked = posts.filter(({ isIdempotent }) => !isIdempotent).map(({ id }) => id);
    // It is asked, and changes nothing.
    expect(asked).toEqual(['inspectUpload']);
  });

  it('is what the contract says: how files and values are written', () => {
    const { source, values } = CreateImportRequest.shape;

    expect(Object.keys(sourceReaders)).toEqual(Object.keys(source.unwrap().shape));
    expect(Object.keys(valueReaders)).toEqual(Object.keys(values.unwrap().shape));
  });

  it('is what the contract says: states', () => {
    expect(deadLetterStates).toEqual(DeadLetterState.options);
    expect(importStates).toEqual(ImportState.options);
    expect(replayStates).toEqual(ReplayState.options);
    expect(replayItemStates).toEqual(ReplayItemState.options);
  });
});

describe(address, () => {
  it('fills in the id and leaves out what was not given', () => {
    expect(address('getReplay', { id: 'a/b' })).toEqual({
      method: 'GET',
      path: '/v1/replays/a%2Fb',
    });
    expect(address('listReplays', { query: { state: undefined, limit: 20 } }).path).toBe(
      '/v1/replays?limit=20',
    );
    expect(address('listDatasetRows', { id: 'people', query: { where: ['a', 'b'] } }).path).toBe(
      '/v1/datasets/people/rows?where=a&where=b',
    );
  });
});
