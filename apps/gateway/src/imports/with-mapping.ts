import { type CreateImportRequest, importProblems } from '@offload/contracts/http';
import { bodyPointer, ValidationFailed } from '../http/validate.js';
import type { SavedMapping } from './import-ports.js';

/**
 * The request with what a saved mapping says where the request says nothing. Throws ValidationFailed when
 * the two contradict one another.
 */
export function withMapping(
  request: CreateImportRequest,
  saved: SavedMapping,
): CreateImportRequest {
  const merged: CreateImportRequest = {
    ...request,
    mapping_id: undefined,
    mapping: saved.mapping,
    source: { ...saved.source, ...request.source },
    values: { ...saved.values, ...request.values },
  };
  const problems = importProblems(merged);
  if (problems.length === 0) return merged;
  throw new ValidationFailed(
    problems.map(({ path, code, message }) => ({
      // What the mapping says has no place in the body but its id.
      pointer: path[0] === 'mapping' ? '/mapping_id' : bodyPointer(path),
      code,
      detail: `Together with the saved mapping: ${message}`,
    })),
  );
}
