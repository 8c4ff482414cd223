import type {
  DeadLetterFilter,
  DeadLetterFilterQuery,
  DeadLetterSelection,
  DeadLetterState,
} from '@offload/contracts/http';
import { type Command, Option } from 'commander';
import { UsageError } from '../exit-codes.js';
import { uuid, wholeNumber } from './parse-number.js';
import { parseMoment } from './parse-moment.js';

export const deadLetterStates = [
  'open',
  'replaying',
  'resolved',
  'discarded',
] as const satisfies readonly DeadLetterState[];

export interface FilterOptions {
  group?: string;
  queue?: string;
  type?: string;
  service?: string;
  code?: string;
  tenant?: string;
  text?: string;
  since?: string;
  until?: string;
  replaysMin?: number;
  replaysMax?: number;
  state?: DeadLetterState;
}

/** The same filters wherever dead letters are chosen. */
export function addFilterOptions(
  command: Command,
  { now, hasState }: { now: () => Date; hasState: boolean },
): Command {
  const moment = (text: string): string => parseMoment(text, now());
  command
    .option('-g, --group <id>', 'those that failed for the same reason', uuid)
    .option('--queue <name>', 'given up in this queue')
    .option('-t, --type <type>', 'of this message type, as notifier.send-email.v1')
    .option('--service <name>', 'given up by this service')
    .option('--code <code>', 'with this failure code')
    .option('--tenant <id>', 'of this tenant', uuid)
    .option('--text <words>', 'with these words in the failure, the ids or the body')
    .option('--since <when>', 'given up then or later: 2h, 1d12h, or RFC 3339', moment)
    .option('--until <when>', 'given up before then', moment)
    .option('--replays-min <n>', 'put back at least so often', wholeNumber(0))
    .option('--replays-max <n>', 'put back at most so often', wholeNumber(0));
  if (hasState) {
    command.addOption(new Option('-s, --state <state>', 'in this state').choices(deadLetterStates));
  }
  return command;
}

/** The filter as the API takes it; only what was given. */
export function filterOf(options: FilterOptions): DeadLetterFilter {
  const { group, queue, type, service, code, tenant, text, since, until } = options;
  const { replaysMin, replaysMax } = options;
  return {
    ...(group !== undefined && { group }),
    ...(queue !== undefined && { queue }),
    ...(type !== undefined && { message_type: type }),
    ...(service !== undefined && { service }),
    ...(code !== undefined && { code }),
    ...(tenant !== undefined && { tenant }),
    ...(text !== undefined && { text }),
    ...(since !== undefined && { failed_after: since }),
    ...(until !== undefined && { failed_before: until }),
    ...(replaysMin !== undefined && { replays_min: replaysMin }),
    ...(replaysMax !== undefined && { replays_max: replaysMax }),
  };
}

export function filterQueryOf(options: FilterOptions): DeadLetterFilterQuery {
  return { ...filterOf(options), ...(options.state !== undefined && { state: options.state }) };
}

/** Ids or a filter, never both and never neither: nobody acts on everything by leaving something out. */
export function selectionOf(ids: readonly string[], options: FilterOptions): DeadLetterSelection {
  const filter = filterOf(options);
  const hasFilter = Object.keys(filter).length > 0;
  if (ids.length > 0 && hasFilter) throw new UsageError('Give ids or a filter, not both.');
  if (ids.length > 0) return { ids: [...new Set(ids)] };
  if (hasFilter) return { filter };
  throw new UsageError('Which ones? Give ids, or a filter such as --group, --queue or --since.');
}
