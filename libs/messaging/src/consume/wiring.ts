import type { Contract } from '@offload/contracts';
import { AppError } from '@offload/platform';
import type { Registration } from './handles.decorator.js';

/** The service cannot start because its handlers and the catalogue do not fit together. */
export class IncompleteWiring extends AppError {
  constructor(problems: string[]) {
    super('messaging.incomplete-wiring', problems.join('\n'));
  }
}

/**
 * Refuses a service that would leave messages lying.
 *
 * Each command is obeyed by exactly one handler of its owner, each queue belongs to one handler and
 * carries the name of the service. Throws IncompleteWiring with every problem and its remedy.
 */
export function checkWiring(
  service: string,
  catalog: readonly Contract[],
  registrations: readonly Registration[],
): void {
  const problems = [
    ...missingHandlers(service, catalog, registrations),
    ...foreignCommands(service, registrations),
    ...twice(registrations.map(({ queue }) => queue)).map(
      (queue) => `Two handlers are fed from queue ${queue}. Give each a queue of its own.`,
    ),
    ...twice(registrations.flatMap(commandOf)).map(
      (type) => `Two handlers obey ${type}. A command has one handler; make one of them an event.`,
    ),
  ];
  if (problems.length > 0) throw new IncompleteWiring(problems);
}

function missingHandlers(
  service: string,
  catalog: readonly Contract[],
  registrations: readonly Registration[],
): string[] {
  const handled = new Set(registrations.map(({ contract }) => contract?.type));
  return catalog
    .filter(
      ({ kind, owner, type }) => kind === 'command' && owner === service && !handled.has(type),
    )
    .map(
      ({ type }) =>
        `No handler for ${type}. Add @Handles(…) to a class under controllers of ${service}.`,
    );
}

function foreignCommands(service: string, registrations: readonly Registration[]): string[] {
  return registrations.flatMap(({ contract, queue }) => {
    if (!contract) return [];
    const problems: string[] = [];
    if (contract.kind === 'command' && contract.owner !== service) {
      problems.push(`${contract.type} is for ${contract.owner} to obey, not for ${service}.`);
    }
    if (!queue.startsWith(`${service}.`)) {
      problems.push(`Queue ${queue} belongs to ${service}: call it ${service}.<what-it-does>.`);
    }
    return problems;
  });
}

function commandOf({ contract }: Registration): string[] {
  return contract?.kind === 'command' ? [contract.type] : [];
}

function twice(names: string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
