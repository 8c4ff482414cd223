import type { ReplayItemState, ReplayState } from '@offload/contracts/http';
import { Argument, type Command, Option } from 'commander';
import { describedCommand } from '../help/describe.js';
import { addListOptions, type ListOptions } from '../options/list-options.js';
import { addPaceOptions, type PaceOptions } from '../options/pace-options.js';
import { uuid } from '../options/parse-number.js';
import type { Start } from '../session.js';
import {
  type ActOptions,
  actOnReplay,
  changePace,
  followUp,
  type ReplayAct,
} from './act-on-replay.js';
import { listItems, listReplays, showReplay } from './show-replay.js';

export const replayStates = [
  'running',
  'paused',
  'completed',
  'aborted',
] as const satisfies readonly ReplayState[];

export const replayItemStates = [
  'claimed',
  'published',
  'succeeded',
  'failed_again',
  'expired',
  'skipped',
] as const satisfies readonly ReplayItemState[];

/** 'offload replays …' */
export function replaysCommand(start: Start): Command {
  return describedCommand('replays', 'Look at replays, and steer them.')
    .addCommand(listCommand(start))
    .addCommand(showCommand(start))
    .addCommand(itemsCommand(start))
    .addCommand(actCommand(start, 'pause', 'Publish nothing more until it is resumed.'))
    .addCommand(actCommand(start, 'resume', 'Go on after a pause, with a small batch first.'))
    .addCommand(actCommand(start, 'abort', 'End it; what was not published is open again.'))
    .addCommand(paceCommand(start))
    .addCommand(followUpCommand(start));
}

function listCommand(start: Start): Command {
  const command = describedCommand('list', 'List replays, the newest first.', [
    { command: 'replays list --state paused', does: 'Those that wait for somebody' },
  ]).addOption(new Option('-s, --state <state>', 'in this state').choices(replayStates));
  return addListOptions(command).action(() =>
    listReplays(start(command), command.opts<ListOptions & { state?: ReplayState }>()),
  );
}

function showCommand(start: Start): Command {
  const command = describedCommand('show', 'Show a replay and how far it has come.', [
    { command: 'replays show ID --watch', does: 'Follow it until it ends or pauses' },
  ])
    .argument('<id>', 'of the replay', uuid)
    .option('-w, --watch', 'follow it until it ends or pauses');
  return command.action((replay: string) =>
    showReplay(start(command), replay, command.opts<{ watch?: boolean }>()),
  );
}

function itemsCommand(start: Start): Command {
  const command = describedCommand('items', 'List the messages of a replay with their outcomes.', [
    { command: 'replays items ID --state failed_again', does: 'Which failed again, and why' },
  ])
    .argument('<id>', 'of the replay', uuid)
    .addOption(new Option('-s, --state <state>', 'in this state').choices(replayItemStates));
  return addListOptions(command).action((replay: string) =>
    listItems(start(command), replay, command.opts<ListOptions & { state?: ReplayItemState }>()),
  );
}

function actCommand(start: Start, name: 'pause' | 'resume' | 'abort', summary: string): Command {
  const act: ReplayAct = `${name}Replay`;
  const command = describedCommand(name, summary, [
    { command: `replays ${name} ID --reason 'the relay is slow'`, does: 'With the reason' },
  ])
    .argument('<id>', 'of the replay', uuid)
    .option('-r, --reason <words>', 'for the audit; asked for on a terminal');
  if (name === 'resume') command.option('-w, --watch', 'follow it until it ends or pauses');
  return command.action((replay: string) =>
    actOnReplay(start(command), replay, { ...command.opts<ActOptions>(), act }),
  );
}

function paceCommand(start: Start): Command {
  const command = describedCommand('pace', 'Change the rate and the limits while it runs.', [
    { command: "replays pace ID --rate 20 --reason 'live work waits'", does: 'Go slower' },
  ])
    .argument('<id>', 'of the replay', uuid)
    .option('-r, --reason <words>', 'for the audit; asked for on a terminal');
  return addPaceOptions(command).action((replay: string) =>
    changePace(start(command), replay, command.opts<ActOptions & PaceOptions>()),
  );
}

function followUpCommand(start: Start): Command {
  const command = describedCommand('follow-up', 'Replay or discard those that failed again.', [
    {
      command: "replays follow-up ID replay --reason 'the template is mended' --watch",
      does: 'Try once more what failed again',
    },
  ])
    .argument('<id>', 'of the replay', uuid)
    .addArgument(new Argument('<action>', 'what to do').choices(['replay', 'discard']))
    .option('-r, --reason <words>', 'for the audit; asked for on a terminal')
    .option('-i, --incident <name>', 'of the incident; left out, the same as before')
    .option('-y, --yes', 'without asking')
    .option('-w, --watch', 'follow the replay until it ends or pauses');
  return addPaceOptions(command).action((replay: string, action: 'replay' | 'discard') =>
    followUp(start(command), replay, { ...command.opts<ActOptions & PaceOptions>(), action }),
  );
}
