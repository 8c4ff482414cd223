import { Injectable } from '@nestjs/common';
import type { EmailResource } from '@offload/contracts/http';
import { DataSource, type EntityManager } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import { Email, emailResource } from './email.entity.js';

@Injectable()
export class EmailsQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** Throws NotFound, for the id of another tenant too. */
  async get(tenantId: string, id: string): Promise<EmailResource> {
    const email = await this.find(this.dataSource.manager, tenantId, id);
    if (!email) throw new NotFound('e-mail', id);
    return emailResource(email);
  }

  async find(tx: EntityManager, tenantId: string, id: string): Promise<Email | null> {
    return tx.findOneBy(Email, { id, tenantId });
  }
}
