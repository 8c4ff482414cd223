import { Inject, Injectable } from '@nestjs/common';
import type { DeadLetterFilterQuery, DeadLetterResource } from '@offload/contracts/http';
import { DataSource, In } from 'typeorm';
import { v7 } from 'uuid';
import { DeadLetterEntity } from './dead-letter.entity.js';
import { describeLetters, type KnownSubjects } from './describe-letters.js';
import { letterConditions } from './filter-letters.js';
import { SUBJECT_VIEWS, type SubjectViews } from './subject-views.js';

/** Read at a time: so many, and of their bodies so many bytes, or a single larger one. */
const pageSize = 200;
const pageBytes = 4 * 1024 * 1024;

/** All dead letters that a filter leaves, with their messages. */
@Injectable()
export class ExportLetters {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SUBJECT_VIEWS) private readonly views: SubjectViews,
  ) {}

  /**
   * The oldest first, up to those that are there when it begins. Each is told as it is when its turn comes;
   * no transaction is held for as long as a client takes to read.
   */
  async *execute(filter: DeadLetterFilterQuery): AsyncGenerator<DeadLetterResource> {
    const until = v7();
    let after: string | undefined = '00000000-0000-0000-0000-000000000000';
    while (after !== undefined) {
      const page: Sized[] = await this.page(filter, after, until);
      yield* this.describe(page);
      after = page.length < pageSize ? undefined : page.at(-1)?.id;
    }
  }

  private async *describe(page: readonly Sized[]): AsyncGenerator<DeadLetterResource> {
    const { manager } = this.dataSource;
    const known: KnownSubjects = new Map();
    for (const ids of portionsOf(page)) {
      const letters = await manager.find(DeadLetterEntity, {
        where: { id: In(ids) },
        order: { id: 'ASC' },
      });
      yield* await describeLetters(manager, this.views, letters, known);
    }
  }

  private async page(
    filter: DeadLetterFilterQuery,
    after: string,
    until: string,
  ): Promise<Sized[]> {
    const { sql, parameters } = letterConditions(filter, 3);
    return this.dataSource.query(
      `select letter.id, octet_length(letter.body) as bytes from dead_letter letter
        where letter.id > $1 and letter.id <= $2 and (${sql})
        order by letter.id limit ${pageSize}`,
      [after, until, ...parameters],
    );
  }
}

interface Sized {
  id: string;
  bytes: number;
}

function* portionsOf(page: readonly Sized[]): Generator<string[]> {
  let ids: string[] = [];
  let sum = 0;
  for (const { id, bytes } of page) {
    if (ids.length > 0 && sum + bytes > pageBytes) {
      yield ids;
      ids = [];
      sum = 0;
    }
    ids.push(id);
    sum += bytes;
  }
  if (ids.length > 0) yield ids;
}
