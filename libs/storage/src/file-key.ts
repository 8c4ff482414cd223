import { FileKeyInvalid } from './file-store.errors.js';

const KEY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Gives the key back when it looks like ours, so that no part of a path can come from outside. */
export function checkedKey(key: string): string {
  if (!KEY.test(key)) throw new FileKeyInvalid(key);
  return key;
}
