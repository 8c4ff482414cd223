import type { ScanPolicy } from './upload-config.js';
import type { Upload } from './upload.entity.js';

/** What is known of an upload when its last byte has come. */
export interface WholeUpload {
  kind: Upload['kind'];
  /** Null when it was not hashed on its way. */
  sha256: string | null;
  /** Why it is not taken. */
  refusal: string | undefined;
}

/** What becomes of it, and whether something is left to do. */
export interface Whole {
  fields: Outcome;
  needsCheck: boolean;
}

type Outcome = Pick<Upload, 'state' | 'scanStatus' | 'problemCode' | 'problemDetail' | 'askedAt'>;

/**
 * Decides what becomes of an upload when its last byte has come: it is ready at once when nothing has to be
 * read again, that is without a scanner and when it was hashed on its way.
 */
export function whenWhole({ kind, sha256, refusal }: WholeUpload, policy: ScanPolicy): Whole {
  if (kind === 'part') return { fields: standing('received'), needsCheck: false };
  if (refusal !== undefined) return { fields: rejected(refusal), needsCheck: false };
  if (policy !== 'off') return checked({ state: 'scanning', scanStatus: 'pending' });
  return sha256 === null
    ? checked({ state: 'received', scanStatus: 'off' })
    : { fields: standing('ready'), needsCheck: false };
}

/** An upload that is not taken. */
export function rejected(refusal: string): Outcome {
  return {
    ...standing('rejected'),
    problemCode: 'unsupported_file_type',
    problemDetail: refusal,
  };
}

function checked(fields: Pick<Upload, 'state' | 'scanStatus'>): Whole {
  return {
    fields: { ...standing(fields.state), ...fields, askedAt: new Date() },
    needsCheck: true,
  };
}

function standing(state: Upload['state']): Outcome {
  return { state, scanStatus: 'off', problemCode: null, problemDetail: null, askedAt: null };
}
