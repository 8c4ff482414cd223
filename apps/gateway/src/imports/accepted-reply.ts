import { Reply } from '../http/reply.js';
import type { Import } from './import.entity.js';
import { importResource } from './import-resource.js';

/** 202: what was asked for is committed with its message, and where to follow it. */
export function acceptedReply(run: Import): Reply {
  const resource = importResource(run);
  return new Reply(
    202,
    {
      Location: resource.links.self,
      'Retry-After': '1',
      Link: `<${resource.links.events}>; rel="monitor"`,
    },
    resource,
  );
}
