import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '@offload/platform';
import { uploadBytes } from './uploads.metrics.js';

/** Counts what clients have sent. Told after the commit that writes it down. */
@Injectable()
export class UploadMetrics {
  private readonly bytes;

  constructor(registry: MetricsRegistry) {
    this.bytes = registry.counter(uploadBytes);
  }

  /** A file that shrank, because two had written to it, takes nothing back. */
  received(bytes: number): void {
    this.bytes.inc(Math.max(0, bytes));
  }
}
