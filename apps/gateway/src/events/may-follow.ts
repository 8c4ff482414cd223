import { allows, type Scope } from '@offload/contracts/http';
import { InsufficientScope } from '../access/access.errors.js';
import type { Caller } from '../access/caller.js';
import type { TicketHolder } from './stream-tickets.js';
import { kindOf } from './topics.js';

/** Lets a caller follow topics that its key may read. Throws InsufficientScope. */
export function mayFollow({ scopes, tenantId }: Caller, topics: string[]): TicketHolder {
  for (const topic of topics) {
    const wanted = scopeOf[kindOf(topic)];
    if (wanted && !allows(scopes, wanted)) throw new InsufficientScope(wanted);
  }
  return { tenantId, topics };
}

/** By kind of topic; there are no others. */
const scopeOf: Readonly<Record<string, Scope>> = {
  import: 'imports:read',
  email: 'emails:read',
  replay: 'operations:read',
};
