import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  ImportCanceled,
  ImportCompleted,
  ImportFailed,
  ImportReverted,
  type Outgoing,
} from '@offload/contracts';
import { MessagingRuntime } from '@offload/messaging';
import { MetricsRegistry } from '@offload/platform';
import * as metrics from '../imports.metrics.js';
import { ChunkLoaded, PhaseOver, RowsMerged } from './import-facts.js';

/**
 * Counts what imports do, from settled deliveries: what their handlers have noted, and the events that they
 * have sent. So only what is committed is counted, and what is tried again counts once.
 */
@Injectable()
export class ImportMetrics implements OnModuleInit {
  private readonly rows;
  private readonly bytes;
  private readonly chunks;
  private readonly phases;
  private readonly ended;

  constructor(
    registry: MetricsRegistry,
    @Inject(MessagingRuntime) private readonly runtime: Pick<MessagingRuntime, 'deliveries'>,
  ) {
    this.rows = registry.counter(metrics.importRows);
    this.bytes = registry.counter(metrics.importBytes);
    this.chunks = registry.counter(metrics.importChunks);
    this.phases = registry.histogram(metrics.importPhaseDuration);
    this.ended = registry.counter(metrics.importsEnded);
  }

  onModuleInit(): void {
    this.runtime.deliveries.settled.subscribe(({ notes, published }) => {
      for (const fact of notes) this.count(fact);
      for (const message of published) {
        const outcome = endingOf(message);
        if (outcome) this.ended.inc({ outcome });
      }
    });
  }

  private count(fact: object): void {
    if (fact instanceof ChunkLoaded) this.countChunk(fact);
    else if (fact instanceof RowsMerged) this.countMerged(fact);
    else if (fact instanceof PhaseOver) {
      this.phases.observe({ phase: fact.phase }, fact.durationMs / 1000);
    }
  }

  private countChunk({ chunk: { bytes, path, stored, setAside, rejected } }: ChunkLoaded): void {
    this.bytes.inc(bytes);
    this.chunks.inc({ path });
    this.rows.inc({ result: 'stored' }, stored);
    this.rows.inc({ result: 'set_aside' }, setAside);
    this.rows.inc({ result: 'rejected' }, rejected);
  }

  private countMerged({ rows }: RowsMerged): void {
    this.rows.inc({ result: 'stored' }, rows.created + rows.updated);
    this.rows.inc({ result: 'unchanged' }, rows.unchanged);
    this.rows.inc({ result: 'skipped' }, rows.skipped);
    this.rows.inc({ result: 'rejected' }, rows.rejected);
  }
}

/** How an import has ended, if the message says that it has. */
function endingOf({ type, payload }: Outgoing): string | undefined {
  switch (type) {
    case ImportCompleted.type:
      return (payload as ImportCompleted).rowsRejected > 0 ? 'completed_with_errors' : 'completed';
    case ImportFailed.type:
      return 'failed';
    case ImportCanceled.type:
      return 'canceled';
    case ImportReverted.type:
      return (payload as ImportReverted).dryRun ? undefined : 'reverted';
    default:
      return undefined;
  }
}
