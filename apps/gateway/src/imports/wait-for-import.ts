import { Injectable } from '@nestjs/common';
import type { ImportResource } from '@offload/contracts/http';
import { DataSource } from 'typeorm';
import { TopicNews } from '../events/topic-news.js';
import { Reply } from '../http/reply.js';
import { ImportsQueries } from './imports.queries.js';

/**
 * Holds an answer back until the import rests or the time is over (RFC 7240, `Prefer: wait`). Without the
 * preference the answer stays what it is.
 */
@Injectable()
export class WaitForImport {
  constructor(
    private readonly dataSource: DataSource,
    private readonly imports: ImportsQueries,
    private readonly news: TopicNews,
  ) {}

  /** 200 when it rests by then; otherwise the status of the reply, with the import as it stands. */
  async answer(tenantId: string, reply: Reply, waitS: number | undefined): Promise<Reply> {
    if (waitS === undefined) return reply;
    const { id } = reply.body as ImportResource;
    const find = () => this.imports.find(this.dataSource.manager, tenantId, id);
    const about = { tenantId, topic: `import:${id}`, timeoutMs: waitS * 1000 };
    const atRest = await this.news.until(about, async () => {
      const run = await find();
      return run?.isAtRest ? run : undefined;
    });
    const run = atRest ?? (await find());
    const { 'Retry-After': later, ...headers } = reply.headers;
    const isLater = !atRest && later !== undefined;
    return new Reply(
      atRest ? 200 : reply.status,
      {
        ...headers,
        ...(isLater ? { 'Retry-After': later } : {}),
        'Preference-Applied': `wait=${waitS}`,
      },
      run ? this.imports.resourceOf(run) : reply.body,
    );
  }
}
