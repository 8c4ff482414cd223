import type { EntityManager } from 'typeorm';

/** What uses, or has used, the file of an upload. */
export interface UploadUse {
  /** As `import 0198…`. */
  by: string;
  /** It needs the file: the upload cannot be removed. */
  isHeld: boolean;
  /** When it was last needed. */
  lastUsedAt: Date;
}

/** Looks up what uses these uploads, by their ids; unused ones are left out. Wired in app.module.ts. */
export type FindUploadUses = (
  tx: EntityManager,
  uploadIds: readonly string[],
) => Promise<Map<string, UploadUse>>;

export const FIND_UPLOAD_USES = Symbol('FIND_UPLOAD_USES');
