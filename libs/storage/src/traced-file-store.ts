import type { Readable } from 'node:stream';
import { inSpan, type SpanAttributes } from '@offload/platform';
import {
  type Appended,
  type AppendOptions,
  FileStore,
  type PutOptions,
  type ReadRange,
  type StoredFile,
} from './file-store.js';

/**
 * A store whose work shows in traces: one step for a whole file or stretch that is written, and one for
 * opening what is read, however many pieces the bytes come in.
 */
export class TracedFileStore extends FileStore {
  constructor(
    private readonly inner: FileStore,
    /** The kind of storage: local, s3. */
    private readonly kind: string,
  ) {
    super();
  }

  override check(): Promise<void> {
    return this.inner.check();
  }

  override put(key: string, stream: Readable, options?: PutOptions): Promise<StoredFile> {
    return this.step('put', key, () => this.inner.put(key, stream, options), sizeOf);
  }

  override read(key: string, range: ReadRange = {}): Promise<Readable> {
    return this.step(
      'open',
      key,
      () => this.inner.read(key, range),
      () => ({
        'offload.storage.from': range.from,
        'offload.storage.to': range.to,
      }),
    );
  }

  override stat(key: string): Promise<{ size: number }> {
    return this.inner.stat(key);
  }

  override remove(key: string): Promise<void> {
    return this.step('remove', key, () => this.inner.remove(key));
  }

  override partial(key: string): Promise<{ offset: number }> {
    return this.inner.partial(key);
  }

  override append(key: string, stream: Readable, options: AppendOptions): Promise<Appended> {
    return this.step(
      'append',
      key,
      () => this.inner.append(key, stream, options),
      ({ offset }) => ({ 'offload.storage.from': options.offset, 'offload.storage.to': offset }),
    );
  }

  override finish(key: string): Promise<{ size: number }> {
    return this.step('finish', key, () => this.inner.finish(key), sizeOf);
  }

  override discard(key: string): Promise<void> {
    return this.step('discard', key, () => this.inner.discard(key));
  }

  override concat(key: string, partKeys: readonly string[]): Promise<{ size: number }> {
    return this.step('concat', key, () => this.inner.concat(key, partKeys), sizeOf);
  }

  private step<T>(
    act: string,
    key: string,
    work: () => Promise<T>,
    toldOf: (result: T) => SpanAttributes = () => ({}),
  ): Promise<T> {
    const attributes = (): SpanAttributes => ({
      'offload.storage.kind': this.kind,
      'offload.storage.key': key,
    });
    return inSpan(`storage ${act}`, { kind: 'client', attributes }, async (span) => {
      const result = await work();
      span.set(toldOf(result));
      return result;
    });
  }
}

function sizeOf({ size }: { size: number }): SpanAttributes {
  return { 'offload.storage.bytes': size };
}
