import type { ReplayResource } from '@offload/contracts/http';
import { eventually } from '../../libs/testing/src/eventually.js';
import type { ApiClient } from './api-client.js';

/** What an operator replays: a filter that is not empty, or ids. */
export interface Selection {
  filter?: Record<string, string>;
  ids?: readonly string[];
  pace?: Record<string, number>;
}

/** Asks for a replay, whatever the answer is. */
export function askForReplay(api: ApiClient, selection: Selection) {
  const request = { ...selection, incident: 'A fault of the suite', reason: 'It works again.' };
  return api.post<ReplayResource>('/v1/replays', request);
}

/** Returns once the outcome of every message is known. */
export async function untilReplayed(api: ApiClient, id: string): Promise<ReplayResource> {
  return eventually(async () => {
    const replay = await api.get<ReplayResource>(`/v1/replays/${id}`);
    expect(replay.state).toBe('completed');
    return replay;
  }, 60_000);
}

export async function replayAndWait(api: ApiClient, selection: Selection): Promise<ReplayResource> {
  const { status, body } = await askForReplay(api, selection);
  expect(status).toBe(202);
  return untilReplayed(api, body.id);
}
