import { Injectable } from '@nestjs/common';
import type { EmailResource } from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import { WorkHolds } from '../events/work-holds.js';
import { NotFound } from '../http/request-parts.js';
import { Email, emailResource } from './email.entity.js';

@Injectable()
export class EmailsQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly holds: WorkHolds,
  ) {}

  /** Throws NotFound, for the id of another tenant too. */
  async get(tenantId: string, id: string): Promise<EmailResource> {
    const email = await this.find(this.dataSource.manager, tenantId, id);
    if (!email) throw new NotFound('e-mail', id);
    return this.resourceOf(email);
  }

  /** What people see of it at this moment. */
  resourceOf(email: Email): EmailResource {
    return emailResource(email, this.holds.of('email'));
  }

  async find(tx: EntityManager, tenantId: string, id: string): Promise<Email | null> {
    return tx.findOneBy(Email, { id, tenantId });
  }
}
