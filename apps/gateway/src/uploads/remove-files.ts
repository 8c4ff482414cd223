import { Injectable, Logger } from '@nestjs/common';
import { FileStore } from '@offload/storage';
import { DataSource } from 'typeorm';
import type { Upload } from './upload.entity.js';

/** Removes what the storage keeps of uploads that nobody can use any more. */
@Injectable()
export class RemoveFiles {
  private readonly logger = new Logger('Uploads');

  constructor(
    private readonly dataSource: DataSource,
    private readonly files: FileStore,
  ) {}

  /**
   * Call it when the row says so for good. Does not throw: what cannot be removed now is removed by the reaper,
   * which finds it by its row. Safe to call twice.
   */
  async execute({ id, storageKey }: Pick<Upload, 'id' | 'storageKey'>): Promise<boolean> {
    try {
      await this.files.discard(storageKey);
      await this.files.remove(storageKey);
      await this.dataSource.query(
        'update upload set removed_at = coalesce(removed_at, now()) where id = $1',
        [id],
      );
      return true;
    } catch (error) {
      this.logger.warn({ event: 'upload-not-removed', uploadId: id, err: error });
      return false;
    }
  }
}
