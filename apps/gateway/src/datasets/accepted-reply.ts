import { Reply } from '../http/reply.js';
import type { Dataset } from './dataset.entity.js';
import { datasetResource } from './dataset-resource.js';

/** It will be done; until then this is how the dataset stands. */
export function acceptedReply(dataset: Dataset): Reply {
  const resource = datasetResource(dataset);
  return new Reply(202, { Location: resource.links.self, 'Retry-After': '1' }, resource);
}
