import { Injectable } from '@nestjs/common';
import {
  type List,
  type ListUploadsQuery,
  pageOf,
  type UploadResource,
} from '@offload/contracts/http';
import { DataSource, IsNull, LessThan, Not } from 'typeorm';
import { WorkHolds } from '../events/work-holds.js';
import { Reply } from '../http/reply.js';
import { findUpload } from './get-upload.js';
import { isBeingChecked, uploadResource } from './upload-resource.js';
import { Upload } from './upload.entity.js';

@Injectable()
export class UploadsQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly holds: WorkHolds,
  ) {}

  /** Throws NotFound, for the id of another tenant too. */
  async show(tenantId: string, id: string): Promise<Reply> {
    const upload = await findUpload(this.dataSource.manager, tenantId, id);
    const headers: Record<string, string> = isBeingChecked(upload) ? { 'Retry-After': '1' } : {};
    return new Reply(200, headers, this.resourceOf(upload));
  }

  /** The newest first: ids grow with time. Parts are nothing by themselves and left out. */
  async list(
    tenantId: string,
    { limit, after, state }: ListUploadsQuery,
  ): Promise<List<UploadResource>> {
    const rows = await this.dataSource.manager.find(Upload, {
      where: {
        tenantId,
        kind: Not('part'),
        deletedAt: IsNull(),
        ...(state === undefined ? {} : { state }),
        ...(after === undefined ? {} : { id: LessThan(after) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return pageOf(
      rows,
      limit,
      ({ id }) => id,
      (upload) => this.resourceOf(upload),
    );
  }

  private resourceOf(upload: Upload): UploadResource {
    return uploadResource(upload, this.holds.of('upload'));
  }
}
