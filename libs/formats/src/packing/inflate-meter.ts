import type { SourceLimits } from '../source/source-limits.js';
import { InflatedTooLarge, InflationSuspicious } from './packing.errors.js';

/**
 * Counts what goes into unpacking and what comes out, so that a bomb ends with the buffer that passes a
 * limit, whatever its headers say.
 */
export class InflateMeter {
  private packed = 0;
  private inflated = 0;

  constructor(private readonly limits: Pick<SourceLimits, 'maxInflatedBytes' | 'maxRatio'>) {}

  countPacked(bytes: number): void {
    this.packed += bytes;
  }

  /** Throws InflatedTooLarge or InflationSuspicious. */
  countInflated(bytes: number): void {
    this.inflated += bytes;
    const { maxInflatedBytes, maxRatio } = this.limits;
    if (this.inflated > maxInflatedBytes) throw new InflatedTooLarge(maxInflatedBytes);
    const isMuch = this.inflated > UNSUSPICIOUS_BYTES;
    if (isMuch && this.inflated > this.packed * maxRatio) throw new InflationSuspicious(maxRatio);
  }
}

const UNSUSPICIOUS_BYTES = 16 * 1024 * 1024;
