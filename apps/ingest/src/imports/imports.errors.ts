import { PermanentError } from '@offload/platform';

/** A message speaks of an import that was never started here. */
export class ImportNotFound extends PermanentError {
  constructor(importId: string) {
    super('ingest.import-not-found', `There is no import ${importId}.`, { details: { importId } });
  }
}
