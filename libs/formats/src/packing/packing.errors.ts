import { FileRefused } from '../csv/csv.errors.js';

/** The compressed bytes end in the middle: the upload or the copy was cut off. */
export class PackingTruncated extends FileRefused {
  constructor(kind: 'gzip' | 'zip', offset: number) {
    super('packing_truncated', `The ${kind} file ends in the middle, after ${offset} bytes.`, {
      details: { kind, offset },
      help: 'It was probably not copied completely. Send it again, or compress it again.',
    });
  }
}

/** The compressed bytes are not what their checksums or headers say, so nothing in them can be trusted. */
export class PackingDamaged extends FileRefused {
  constructor(kind: 'gzip' | 'zip', reason: string, cause?: unknown) {
    super('packing_damaged', `The ${kind} file is damaged: ${reason}`, {
      details: { kind },
      help: 'Compress the file again and send it again.',
      cause,
    });
  }
}

/** The file was told to be packed in a way in which it is not. */
export class PackingMismatch extends FileRefused {
  constructor(kind: 'gzip' | 'zip') {
    super('packing_mismatch', `The file is not a ${kind} file.`, {
      details: { kind },
      help: 'Leave out `packing`, so that it is detected.',
    });
  }
}

/** Unpacking would pass what one file may unfold to. */
export class InflatedTooLarge extends FileRefused {
  constructor(maxInflatedBytes: number) {
    super('inflated_too_large', `The file unpacks to more than ${maxInflatedBytes} bytes.`, {
      details: { maxInflatedBytes },
      help: 'Split the file into smaller ones.',
    });
  }
}

/** So little unfolds to so much that it is more likely an attack than data. */
export class InflationSuspicious extends FileRefused {
  constructor(maxRatio: number) {
    super(
      'inflation_suspicious',
      `The file unpacks to more than ${maxRatio} times its size, as no table of data does.`,
      { details: { maxRatio }, help: 'If the data are real, send them without compression.' },
    );
  }
}

/** A packed file holds another packed file, which is not unpacked in turn. */
export class ArchiveNested extends FileRefused {
  constructor(outer: string, inner: string) {
    super('archive_nested', `The ${outer} file contains ${inner}, not a text.`, {
      details: { outer, inner },
      help: `Unpack it and send what is in it.`,
    });
  }
}
