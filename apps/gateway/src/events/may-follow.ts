import { allows, type Scope } from '@offload/contracts/http';
import { InsufficientScope } from '../access/access.errors.js';
import type { Caller } from '../access/caller.js';
import type { TicketHolder } from './stream-tickets.js';

/** Lets a caller follow topics that its key may read. Throws InsufficientScope. */
export function mayFollow({ scopes, tenantId }: Caller, topics: string[]): TicketHolder {
  for (const topic of topics) {
    const wanted: Scope = topic.startsWith('import:') ? 'imports:read' : 'emails:read';
    if (!allows(scopes, wanted)) throw new InsufficientScope(wanted);
  }
  return { tenantId, topics };
}
