import type { FindingCode } from '@offload/contracts/http';
import { type Command, Option } from 'commander';
import { describedCommand } from '../help/describe.js';
import type { Session, Start } from '../session.js';
import { showFindings, showLatency, showQueues, showWorkers } from './show-monitor.js';

export const findingStates = ['open', 'resolved', 'all'] as const;

/** 'offload monitor …' */
export function monitorCommand(start: Start): Command {
  return describedCommand('monitor', 'How the installation is doing.')
    .addCommand(viewCommand(start, 'queues', 'How full, how fast, who works on them.', showQueues))
    .addCommand(
      viewCommand(start, 'workers', 'The processes and what they have done.', showWorkers),
    )
    .addCommand(viewCommand(start, 'latency', 'How long messages take, by type.', showLatency))
    .addCommand(findingsCommand(start));
}

function viewCommand(
  start: Start,
  name: string,
  summary: string,
  show: (session: Session) => Promise<void>,
): Command {
  const examples = [{ command: `monitor ${name} --json`, does: 'For a program' }];
  const command = describedCommand(name, summary, examples);
  return command.action(() => show(start(command)));
}

function findingsCommand(start: Start): Command {
  const command = describedCommand('findings', 'What the watchdog has found, with the remedy.', [
    { command: 'monitor findings', does: 'What is wrong right now' },
    { command: 'monitor findings --state resolved', does: 'What was' },
  ])
    .addOption(new Option('-s, --state <state>', 'which ones').choices(findingStates))
    .option('--code <code>', 'of this kind, as queue_braked');
  return command.action(() =>
    showFindings(start(command), command.opts<{ state?: string; code?: FindingCode }>()),
  );
}
