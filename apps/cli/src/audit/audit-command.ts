import type { Command } from 'commander';
import { exportLines } from '../export-lines.js';
import { describedCommand } from '../help/describe.js';
import { addListOptions, type ListOptions } from '../options/list-options.js';
import { parseMoment } from '../options/parse-moment.js';
import { uuid, wholeNumber } from '../options/parse-number.js';
import type { Start } from '../session.js';
import { type AuditFilter, auditQueryOf, listAudit, showOperation } from './show-audit.js';

interface Around {
  start: Start;
  now: () => Date;
}

/** 'offload audit …' */
export function auditCommand(around: Around): Command {
  return describedCommand('audit', 'Who did what to how many, and why.')
    .addCommand(listCommand(around))
    .addCommand(showCommand(around))
    .addCommand(exportCommand(around));
}

function listCommand({ start, now }: Around): Command {
  const command = describedCommand('list', 'List operations, the newest first.', [
    { command: 'audit list --since 1d', does: 'What was done since yesterday' },
    { command: 'audit list --dead-letter ID', does: 'What was done to one message' },
  ]);
  addListOptions(addAuditFilter(command, now));
  return command.action(() => listAudit(start(command), command.opts<ListOptions & AuditFilter>()));
}

function showCommand({ start }: Around): Command {
  const command = describedCommand('show', 'Show one operation and the messages it touched.', [
    { command: 'audit show ID', does: 'By its id, which a replay shares' },
  ])
    .argument('<id>', 'of the operation', uuid)
    .option('-n, --limit <n>', 'so many messages at most', wholeNumber(1), 20);
  return command.action((operation: string) =>
    showOperation(start(command), operation, command.opts<{ limit: number }>()),
  );
}

function exportCommand({ start, now }: Around): Command {
  const command = describedCommand('export', 'Write it with the field names of ECS, one a line.', [
    { command: 'audit export --since 30d --output audit.ndjson', does: 'A month, to a file' },
  ]).option('-o, --output <file>', 'where to; standard output when left out');
  addAuditFilter(command, now);
  return command.action(() => {
    const { output, ...filter } = command.opts<AuditFilter & { output?: string }>();
    return exportLines(start(command), 'exportAudit', {
      query: auditQueryOf(filter),
      ...(output !== undefined && { output }),
    });
  });
}

function addAuditFilter(command: Command, now: () => Date): Command {
  const moment = (text: string): string => parseMoment(text, now());
  return command
    .option('--action <what.act>', 'as replay.create or dead_letter.discard')
    .option('--key <id>', 'done with this API key', uuid)
    .option('--dead-letter <id>', 'that touched this dead letter', uuid)
    .option('--since <when>', 'done then or later: 2h, 1d12h, or RFC 3339', moment)
    .option('--until <when>', 'done before then', moment);
}
