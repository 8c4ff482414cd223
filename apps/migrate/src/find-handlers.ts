import 'reflect-metadata';
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Contract } from '@offload/contracts';
import { registrationOf } from '@offload/messaging';

/** A handler of a service: its queue, and the contract whose messages come there. */
export interface FoundHandler {
  queue: string;
  contract: Contract;
}

/**
 * Every handler in the programs of all services, which stand side by side in `folder`. They are looked at and not made, so that
 * this knows no service from the inside; the same files always give the same list.
 */
export function findHandlers(folder: string): FoundHandler[] {
  const load = createRequire(join(folder, 'index.js'));
  return globSync('*/src/**/*.handler.js', { cwd: folder })
    .toSorted()
    .flatMap((file) => Object.values(load(`./${file}`) as Record<string, unknown>))
    .flatMap((exported) => {
      const registration = typeof exported === 'function' ? registrationOf(exported) : undefined;
      if (!registration?.contract) return [];
      return [{ queue: registration.queue, contract: registration.contract }];
    });
}
