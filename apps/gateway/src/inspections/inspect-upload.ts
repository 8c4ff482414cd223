import { addAbortSignal } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Inspection, InspectUploadRequest } from '@offload/contracts/http';
import { FileRefused, inspectSource, type SourceFile } from '@offload/formats';
import { FileNotFound, FileStore } from '@offload/storage';
import { DataSource, type EntityManager } from 'typeorm';
import { NotFound } from '../http/request-parts.js';
import { inspectionOf } from './inspection-of.js';
import { FileUnreadable, InspectionTooSlow, TooManyInspections } from './inspections.errors.js';

/** What an inspection needs to know of an uploaded file. */
export interface InspectedUpload {
  id: string;
  fileName: string;
  size: number;
  storageKey: string;
}

/** Reads an upload of a tenant that can be used; throws when there is none. Wired in app.module.ts. */
export type GetUpload = (
  tx: EntityManager,
  tenantId: string,
  id: string,
) => Promise<InspectedUpload>;

export const GET_UPLOAD = Symbol('GET_UPLOAD of inspections');

/**
 * Looks into an uploaded file while the client waits.
 *
 * It is work for the processor that also serves everything else, so only a few are done at a time and none
 * for long; what is refused for that can be asked for again.
 */
@Injectable()
export class InspectUpload {
  private running = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly files: FileStore,
    @Inject(GET_UPLOAD) private readonly getUpload: GetUpload,
  ) {}

  async execute(tenantId: string, id: string, told: InspectUploadRequest): Promise<Inspection> {
    if (this.running >= AT_ONCE) throw new TooManyInspections();
    this.running += 1;
    try {
      return await this.inspect(await this.getUpload(this.dataSource.manager, tenantId, id), told);
    } finally {
      this.running -= 1;
    }
  }

  private async inspect(upload: InspectedUpload, told: InspectUploadRequest): Promise<Inspection> {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    try {
      const limits = { maxInflatedBytes: MAX_INFLATED_BYTES };
      return inspectionOf(
        upload,
        await inspectSource(this.open(upload, signal), told, limits, signal),
      );
    } catch (error) {
      if (signal.aborted) throw new InspectionTooSlow(DEADLINE_MS, error);
      if (error instanceof FileRefused) throw new FileUnreadable(error);
      if (error instanceof FileNotFound) throw new NotFound('upload', upload.id);
      throw error;
    }
  }

  /** Whatever is still being read when the time is over is closed. */
  private open({ fileName, size, storageKey }: InspectedUpload, signal: AbortSignal): SourceFile {
    return {
      name: fileName,
      size,
      read: async (range) => addAbortSignal(signal, await this.files.read(storageKey, range)),
    };
  }
}

/** Each holds some megabytes, and one keeps a processor busy already. */
const AT_ONCE = 4;
const DEADLINE_MS = 10_000;
/** A workbook's shared texts and sheets stand anywhere in it; a file that needs more is not for somebody who waits. */
const MAX_INFLATED_BYTES = 1024 ** 3;
