import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Inject, Injectable } from '@nestjs/common';
import { FileNotFound, FileStore } from '@offload/storage';
import { type EntityManager, In } from 'typeorm';
import { GATEWAY_CONFIG, type GatewayConfig } from '../../config.js';
import type { ScanResult } from '../scan/clamd.js';
import { SCANNER, type Scanner } from '../scanner.js';
import { type DetectedType, detectType, headBytes } from '../sniff/detect-type.js';
import { refusalOf } from '../sniff/refuse-type.js';
import { Upload } from '../upload.entity.js';
import { ScannerUnavailable } from './check.errors.js';
import { readThrough } from './read-through.js';

/** What was found out about the file of an upload. */
export interface Examination {
  detected: DetectedType;
  /** Why it is not taken; then nothing more was looked at. */
  refusal: string | undefined;
  sha256: string | undefined;
  /** Undefined where nothing is scanned. */
  verdict: ScanResult | undefined;
  /** What has scanned it. */
  engine: string | undefined;
}

/**
 * Puts the file of an upload together if it comes in parts, looks at its beginning, hashes and scans it. Safe to
 * call again: what is there already is not made a second time.
 */
@Injectable()
export class ExamineUpload {
  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'SCAN_POLICY'>,
    private readonly files: FileStore,
    @Inject(SCANNER) private readonly scanner: Scanner | undefined,
  ) {}

  /** Throws ScannerUnavailable where a verdict is required. `gone`: nobody waits for the result any more. */
  async execute(tx: EntityManager, upload: Upload, gone: AbortSignal): Promise<Examination> {
    await this.assemble(tx, upload);
    const head = await buffer(await this.files.read(upload.storageKey, { from: 0, to: headBytes }));
    const detected = detectType(head);
    const refusal = refusalOf(upload.declaredType, detected);
    if (refusal !== undefined) return { ...nothing, detected, refusal };
    const { verdict, engine, sha256 } = await this.scan(upload, gone);
    return {
      detected,
      refusal,
      verdict,
      engine,
      sha256: upload.sha256 ?? sha256 ?? (await hashOf(await this.open(upload, gone))),
    };
  }

  private async assemble(tx: EntityManager, { storageKey, parts }: Upload): Promise<void> {
    if (parts === null || (await this.isThere(storageKey))) return;
    const found = await tx.findBy(Upload, { id: In(parts) });
    const keys = new Map(found.map((part) => [part.id, part.storageKey]));
    await this.files.concat(
      storageKey,
      parts.flatMap((id) => keys.get(id) ?? []),
    );
  }

  private async scan(
    upload: Upload,
    gone: AbortSignal,
  ): Promise<Pick<Examination, 'verdict' | 'engine' | 'sha256'>> {
    if (!this.scanner || this.config.SCAN_POLICY === 'off') {
      return nothing;
    }
    const source = await this.open(upload, gone);
    const reading = readThrough(source);
    try {
      const verdict = await this.scanner.scan(reading.stream);
      if (verdict.verdict === 'unavailable' && this.config.SCAN_POLICY === 'required') {
        throw new ScannerUnavailable(verdict.reason);
      }
      return { verdict, engine: await this.scanner.version(), sha256: reading.sha256() };
    } finally {
      reading.stream.destroy();
      source.destroy();
    }
  }

  private async open({ storageKey }: Upload, gone: AbortSignal): Promise<Readable> {
    const stream = await this.files.read(storageKey);
    gone.addEventListener('abort', () => stream.destroy(gone.reason as Error), { once: true });
    return stream;
  }

  private async isThere(key: string): Promise<boolean> {
    try {
      await this.files.stat(key);
      return true;
    } catch (error) {
      if (error instanceof FileNotFound) return false;
      throw error;
    }
  }
}

const nothing = { verdict: undefined, engine: undefined, sha256: undefined };

async function hashOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of stream) hash.update(piece as Buffer);
  return hash.digest('hex');
}
