import type { Command } from 'commander';
import { exportLines } from '../export-lines.js';
import { describedCommand, type Example } from '../help/describe.js';
import { addFilterOptions, type FilterOptions, filterQueryOf } from '../options/filter-options.js';
import { addListOptions, type ListOptions } from '../options/list-options.js';
import { addPaceOptions } from '../options/pace-options.js';
import { uuid, uuids, wholeNumber } from '../options/parse-number.js';
import type { Start } from '../session.js';
import { closeLetters, type CloseOptions } from './close-letters.js';
import { editLetter, type EditOptions } from './edit-letter.js';
import { listLetters } from './list-letters.js';
import { replayLetters, type ReplayOptions } from './replay-letters.js';
import { listGroups, noteGroup, showGroup } from './show-groups.js';
import { showLetter } from './show-letter.js';

interface Around {
  start: Start;
  now: () => Date;
}

/** 'offload dead-letters …' */
export function deadLettersCommand(around: Around): Command {
  return describedCommand('dead-letters', 'What the system has given up on: look, replay, discard.')
    .addCommand(listCommand(around))
    .addCommand(showCommand(around))
    .addCommand(groupsCommand(around))
    .addCommand(noteCommand(around))
    .addCommand(replayCommand(around))
    .addCommand(editCommand(around))
    .addCommand(closeCommand(around, 'discard'))
    .addCommand(closeCommand(around, 'restore'))
    .addCommand(exportCommand(around));
}

function listCommand({ start, now }: Around): Command {
  const command = describedCommand('list', 'List dead letters, the newest first.', [
    { command: 'dead-letters list --state open --since 2h', does: 'Those of the last two hours' },
    {
      command: "dead-letters list --queue notifier.send-email --text 'mailbox full' --json",
      does: 'For a program',
    },
  ]);
  addListOptions(addFilterOptions(command, { now, hasState: true }));
  return command.action(() =>
    listLetters(start(command), command.opts<ListOptions & FilterOptions>()),
  );
}

function showCommand({ start }: Around): Command {
  const command = describedCommand('show', 'Show one with its message, failure and history.', [
    { command: 'dead-letters show ID', does: 'Everything that is known of it' },
    { command: 'dead-letters show ID --json | jq .body', does: 'Its payload' },
  ]).argument('<id>', 'of the dead letter', uuid);
  return command.action((letter: string) => showLetter(start(command), letter));
}

function groupsCommand({ start, now }: Around): Command {
  const command = describedCommand('groups', 'Count them by the reason of their failure.', [
    { command: 'dead-letters groups', does: 'Open ones, the largest group first' },
    { command: 'dead-letters groups GROUP', does: 'One group, with what people have noted' },
  ])
    .argument('[id]', 'of a group to show', uuid)
    .option('-n, --limit <n>', 'so many groups at most (up to 100)', wholeNumber(1), 20);
  addFilterOptions(command, { now, hasState: true });
  return command.action((group: string | undefined) =>
    group === undefined
      ? listGroups(start(command), command.opts<FilterOptions & { limit: number }>())
      : showGroup(start(command), group),
  );
}

function noteCommand({ start }: Around): Command {
  const command = describedCommand('note', 'Note something about a group, for the next person.', [
    { command: "dead-letters note GROUP 'relay quota; raised to 50/s'", does: 'What it was' },
  ])
    .argument('<group>', 'the id of the group', uuid)
    .argument('<text>', 'what to note');
  return command.action((group: string, text: string) => noteGroup(start(command), group, text));
}

function replayCommand({ start, now }: Around): Command {
  const why = "--incident 'mail relay down' --reason 'it answers again'";
  const command = describedCommand('replay', 'Put them back on their queues, carefully.', [
    { command: 'dead-letters replay --group GROUP --dry-run', does: 'Only see what would happen' },
    { command: `dead-letters replay --group GROUP ${why} --watch`, does: 'See, confirm, follow' },
    { command: `dead-letters replay ID ${why} --yes`, does: 'One, from a script' },
  ]).argument('[ids...]', 'of dead letters, in place of a filter', uuids);
  addFilterOptions(command, { now, hasState: false });
  addReasons(command, { hasIncident: true, hasWatch: true });
  addPaceOptions(command);
  return command.action((ids: string[] = []) =>
    replayLetters(start(command), ids, command.opts<ReplayOptions>()),
  );
}

function editCommand({ start }: Around): Command {
  const command = describedCommand('edit', 'Replay a changed copy of one in its place.', [
    { command: 'dead-letters edit ID', does: 'In $VISUAL or $EDITOR' },
    {
      command: "dead-letters edit ID --body fixed.json --incident typo --reason 'one digit' --yes",
      does: 'From a file',
    },
  ])
    .argument('<id>', 'of the dead letter', uuid)
    .option('-b, --body <file>', 'the whole new body as JSON; - reads standard input');
  addReasons(command, { hasIncident: true, hasWatch: true });
  return command.action((letter: string) =>
    editLetter(start(command), letter, command.opts<EditOptions>()),
  );
}

function closeCommand({ start, now }: Around, act: 'discard' | 'restore'): Command {
  const isDiscard = act === 'discard';
  const examples: Example[] = isDiscard
    ? [
        {
          command: "dead-letters discard --group GROUP --reason 'customer 17 cancelled by phone'",
          does: 'A whole group; shows how many and asks for the count',
        },
      ]
    : [{ command: "dead-letters restore ID --reason 'they changed their mind'", does: 'One' }];
  const summary = isDiscard ? 'Close open ones for good.' : 'Open discarded ones again.';
  const command = describedCommand(act, summary, examples).argument(
    '[ids...]',
    'of dead letters, in place of a filter',
    uuids,
  );
  addFilterOptions(command, { now, hasState: false });
  addReasons(command, { hasIncident: false, hasWatch: false });
  return command.action((ids: string[] = []) =>
    closeLetters(start(command), ids, { ...command.opts<CloseOptions>(), act }),
  );
}

function exportCommand({ start, now }: Around): Command {
  const command = describedCommand('export', 'Write them with their messages, one a line.', [
    { command: 'dead-letters export --since 7d --output week.ndjson', does: 'A week, to a file' },
    { command: 'dead-letters export | jq -r .failure.code | sort | uniq -c', does: 'Counted' },
  ]).option('-o, --output <file>', 'where to; standard output when left out');
  addFilterOptions(command, { now, hasState: true });
  return command.action(() => {
    const { output, ...filter } = command.opts<FilterOptions & { output?: string }>();
    const target = output === undefined ? {} : { output };
    return exportLines(start(command), 'exportDeadLetters', {
      query: filterQueryOf(filter),
      ...target,
    });
  });
}

/** What every act on many wants to know. */
function addReasons(
  command: Command,
  { hasIncident, hasWatch }: { hasIncident: boolean; hasWatch: boolean },
): void {
  if (hasIncident) {
    command.option('-i, --incident <name>', 'of the incident; asked for on a terminal');
  }
  command
    .option('-r, --reason <words>', 'for the audit; asked for on a terminal')
    .option('-y, --yes', 'without asking')
    .option('--dry-run', 'only show what would happen');
  if (hasWatch) command.option('-w, --watch', 'follow the replay until it ends or pauses');
}
