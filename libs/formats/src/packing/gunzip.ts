import { createGunzip } from 'node:zlib';
import { INFLATE_CHUNK_BYTES, inflateFault, inflateWith } from './inflate.js';
import type { InflateMeter } from './inflate-meter.js';
import { PackingDamaged, PackingTruncated } from './packing.errors.js';

/**
 * Unpacks gzip, all members one behind the other, counted by the meter.
 *
 * Zero bytes behind the last member are padding. Anything else there is refused, as it may be rows of which
 * nobody would hear. Throws PackingTruncated, PackingDamaged and what the meter throws.
 */
export async function* gunzip(
  input: AsyncIterable<Buffer>,
  meter: InflateMeter,
): AsyncGenerator<Buffer> {
  const engine = createGunzip({ chunkSize: INFLATE_CHUNK_BYTES });
  const seen = { bytes: 0, contentEnd: 0 };
  try {
    for await (const chunk of inflateWith(engine, watch(input, meter, seen))) {
      meter.countInflated(chunk.length);
      yield chunk;
    }
  } catch (error) {
    const fault = inflateFault(error);
    if (fault === 'truncated') throw new PackingTruncated('gzip', seen.bytes);
    if (fault === 'damaged') throw new PackingDamaged('gzip', DAMAGED, error);
    throw error;
  }
  if (seen.bytes === 0) throw new PackingTruncated('gzip', 0);
  if (seen.contentEnd > engine.bytesWritten) throw new PackingDamaged('gzip', TRAILING);
}

const DAMAGED = 'its contents do not match their checksum, or something else follows them.';
const TRAILING = 'something that is not gzip follows the compressed contents.';

/** Tells where the last byte is that is not zero, for the engine stops reading at a zero behind a member. */
async function* watch(
  input: AsyncIterable<Buffer>,
  meter: InflateMeter,
  seen: { bytes: number; contentEnd: number },
): AsyncGenerator<Buffer> {
  for await (const chunk of input) {
    let end = chunk.length;
    while (end > 0 && chunk[end - 1] === 0) end--;
    if (end > 0) seen.contentEnd = seen.bytes + end;
    seen.bytes += chunk.length;
    meter.countPacked(chunk.length);
    yield chunk;
  }
}
