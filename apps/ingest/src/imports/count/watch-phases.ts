import { note } from '@offload/messaging';
import { type EntitySubscriberInterface, EventSubscriber, type UpdateEvent } from 'typeorm';
import { ImportRun, type RunState } from '../import-run.entity.js';
import { PhaseOver } from './import-facts.js';

/**
 * Writes down since when an import is in its state and, when it leaves it, notes how long it was there.
 *
 * An import changes its state in a dozen places, and every one of them saves it. It runs in the transaction of
 * whoever saves.
 */
@EventSubscriber()
export class WatchPhases implements EntitySubscriberInterface<ImportRun> {
  listenTo(): typeof ImportRun {
    return ImportRun;
  }

  beforeUpdate({ entity, databaseEntity: before, manager }: UpdateEvent<ImportRun>): void {
    // An update by condition has no entity, and changes no state.
    if (!(entity instanceof ImportRun) || before === undefined || entity.state === before.state) {
      return;
    }
    const now = new Date();
    const phase = phaseOf(before);
    if (phase)
      note(manager, new PhaseOver(phase, Math.max(0, now.getTime() - before.stateSince.getTime())));
    entity.stateSince = now;
  }
}

/** None for what waits for a person, and for an import whose file has not been looked at: it waits for nobody. */
function phaseOf({ state, plan }: ImportRun): string | undefined {
  if (state === 'waiting' && plan === null) return undefined;
  return phases[state];
}

const phases: Partial<Record<RunState, string>> = {
  converting: 'converting',
  waiting: 'waiting',
  loading: 'loading',
  counting: 'counting',
  merging: 'merging',
  fixing: 'fixing',
  reverting: 'reverting',
};
