import type { Command } from 'commander';
import { describedCommand } from '../help/describe.js';
import { uuid } from '../options/parse-number.js';
import type { Start } from '../session.js';
import { type EmailOptions, sendEmail, showEmail } from './send-email.js';

/** 'offload emails …' */
export function emailsCommand(start: Start): Command {
  return describedCommand('emails', 'Send e-mails, and see what became of them.')
    .addCommand(sendCommand(start))
    .addCommand(showCommand(start));
}

function sendCommand(start: Start): Command {
  const command = describedCommand('send', 'Send an e-mail; prints its id.', [
    {
      command: "emails send --to ada@example.org --subject Hello --text 'Hello Ada' --watch",
      does: 'And wait until the relay has it',
    },
    {
      command: 'emails send --to ops@example.org --subject Report --text-file - < report.txt',
      does: 'From a pipe or a file',
    },
  ])
    .requiredOption('--to <address>', 'may be repeated', collect)
    .requiredOption('--subject <words>', 'on one line')
    .option('--text <words>', 'as plain text')
    .option('--text-file <file>', 'plain text from a file; - reads standard input')
    .option('--html-file <file>', 'HTML from a file; - reads standard input')
    .option('--from <address>', 'the sender (default: that of the installation)')
    .option('--cc <address>', 'may be repeated', collect)
    .option('--bcc <address>', 'may be repeated', collect)
    .option('--reply-to <address>', 'may be repeated', collect)
    .option('-w, --watch', 'wait until the relay has it, or it is given up');
  return command.action(() => sendEmail(start(command), command.opts<EmailOptions>()));
}

function showCommand(start: Start): Command {
  const command = describedCommand('show', 'Show an e-mail and what became of it.', [
    {
      command: 'emails show ID',
      does: 'Its state, and what the relay said',
    },
  ])
    .argument('<id>', 'of the e-mail', uuid)
    .option('-w, --watch', 'wait until the relay has it, or it is given up');
  return command.action((id: string) =>
    showEmail(start(command), id, command.opts<{ watch?: boolean }>()),
  );
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
