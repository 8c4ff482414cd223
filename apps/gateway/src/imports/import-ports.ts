import type { Mapping, SourceOptions, ValueOptions } from '@offload/contracts';
import type { Request } from 'express';
import type { EntityManager } from 'typeorm';
import type { RequestKey } from '../idempotency/request-key.js';

/** What an import needs to know of an uploaded file. */
export interface UploadedFile {
  id: string;
  fileName: string;
  size: number;
  sha256: string;
  storageKey: string;
}

/** Reads an upload of a tenant; throws when there is none, or when it cannot be used. Wired in app.module.ts. */
export type GetUpload = (tx: EntityManager, tenantId: string, id: string) => Promise<UploadedFile>;
export const GET_UPLOAD = Symbol('GET_UPLOAD');

export interface SavedMapping {
  mapping: Mapping;
  source: SourceOptions;
  values: ValueOptions;
}

/** Reads a saved mapping of a tenant; throws when there is none. Wired in app.module.ts. */
export type GetMapping = (tx: EntityManager, tenantId: string, id: string) => Promise<SavedMapping>;
export const GET_MAPPING = Symbol('GET_MAPPING');

/** Stores the body of a request as an upload, once for each key, and answers its id. Wired in app.module.ts. */
export type StoreBody = (key: RequestKey, request: Request, fileName: string) => Promise<string>;
export const STORE_BODY = Symbol('STORE_BODY');
