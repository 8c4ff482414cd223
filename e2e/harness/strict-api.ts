import { type Answer, ApiClient } from './api-client.js';
import type { Tally } from './tally.js';

/** A client that counts as failed whatever is not answered 2xx at once, and why. It asks nothing twice. */
export class StrictApi extends ApiClient {
  readonly failures: string[] = [];
  private asked = 0;

  override async call<T>(
    ...[method, path, content]: Parameters<ApiClient['call']>
  ): Promise<Answer<T>> {
    const answer = await this.watch(`${method} ${path}`, super.call<T>(method, path, content));
    return answer;
  }

  /** Counts a request that is made elsewhere. What it rejects with is passed on. */
  async watch<A extends { status: number }>(what: string, answering: Promise<A>): Promise<A> {
    this.asked += 1;
    try {
      const answer = await answering;
      if (answer.status < 200 || answer.status > 299) this.fail(`${what}: ${answer.status}`);
      return answer;
    } catch (error) {
      this.fail(`${what}: ${reasonOf(error)}`);
      throw error;
    }
  }

  fail(what: string): void {
    this.failures.push(what);
  }

  /** Requests, and those that were answered well. */
  get tally(): Tally {
    const done = this.asked - this.failures.length;
    return {
      attempted: this.asked,
      accepted: done,
      effects: done,
      lost: 0,
      doubled: 0,
      unexpected: 0,
      repeated: 0,
    };
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
