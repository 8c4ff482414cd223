import { setTimeout as pause } from 'node:timers/promises';
import type { ReplayResource } from '../../libs/contracts/src/http/replays.ts';
import type { Stack } from '../../scripts/lib/stack.mts';

/** Replays by the API, as any client would; the gateway may be away in between. */
export class ReplaysClient {
  private readonly stack: Pick<Stack, 'url' | 'apiKey'>;

  constructor(stack: Pick<Stack, 'url' | 'apiKey'>) {
    this.stack = stack;
  }

  start(request: object): Promise<ReplayResource> {
    return this.post('/v1/replays', request);
  }

  act(id: string, noun: string, request: object): Promise<ReplayResource> {
    return this.post(`/v1/replays/${id}/${noun}`, request);
  }

  /** Looks ten times a second, and prints each stage and state as it comes. */
  async until(
    id: string,
    isThere: (replay: ReplayResource) => boolean,
    print: (line: string) => void = () => undefined,
  ): Promise<ReplayResource> {
    let shown = '';
    for (;;) {
      const replay = await this.find(id);
      if (replay) {
        const place = `${replay.state} ${replay.stage}`;
        if (place !== shown) print(`${place.padEnd(18)} ${countsOf(replay)}`);
        shown = place;
        if (isThere(replay)) return replay;
      }
      await pause(100);
    }
  }

  /** Undefined while the gateway is away. */
  private async find(id: string): Promise<ReplayResource | undefined> {
    try {
      return await this.call(`/v1/replays/${id}`, {});
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  }

  private post(path: string, request: object): Promise<ReplayResource> {
    return this.call(path, { method: 'POST', body: JSON.stringify(request) });
  }

  private async call(path: string, init: RequestInit): Promise<ReplayResource> {
    const { url, apiKey } = this.stack;
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, { ...init, headers });
    if (response.ok) return (await response.json()) as ReplayResource;
    throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
  }
}

export function countsOf({ counts, pause: why }: ReplayResource): string {
  const numbers = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`);
  return numbers.join(', ') + (why ? ` – ${why.detail}` : '');
}
