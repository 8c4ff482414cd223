import { spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import type { InstanceFolder } from './instance-folder.mts';
import { recordProcess } from './left-over.mts';
import { poll } from './poll.mts';
import { freePorts } from './ports.mts';
import { endProcess, identify } from './processes.mts';
import { inRepository } from './repository.mts';
import { lastLines } from './run-program.mts';

/** One e-mail as the catcher's API tells it. */
export interface CaughtMail {
  id: string;
  subject: string;
  text?: string;
  from: { address: string; name?: string }[];
  to: { address: string }[];
}

export interface MailCatcher {
  smtpUrl: string;
  /** The page that shows the mail. */
  webUrl: string;
  /** Everything caught since the start, the oldest first. */
  mails(): Promise<CaughtMail[]>;
  stop(): Promise<void>;
}

/** Starts MailDev on 127.0.0.1, on the same ports as last time where they are free. */
export async function startMailCatcher(folder: InstanceFolder): Promise<MailCatcher> {
  const before = folder.recall<{ smtp: number; web: number }>('mail-catcher');
  const [smtp = 0, web = 0] = await freePorts([before.smtp, before.web]);
  folder.remember('mail-catcher', { smtp, web });
  const log = folder.openLog('mail-catcher');
  const child = spawn(
    process.execPath,
    [
      inRepository('node_modules/maildev/dist/bin/maildev.js'),
      ...['--ip=127.0.0.1', `--smtp=${smtp}`, '--web-ip=127.0.0.1', `--web=${web}`],
    ],
    { cwd: folder.path, detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  child.unref();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (!identity) throw new Error('The mail catcher could not be started.');
  const forget = recordProcess(folder.logFile('mail-catcher'), identity);
  const webUrl = `http://127.0.0.1:${web}`;
  const stop = async (): Promise<void> => {
    await endProcess(identity, { signals: ['SIGTERM', 'SIGKILL'], patienceMs: 5000 });
    forget();
  };
  if (!(await poll(() => answers(`${webUrl}/api/healthz`), { withinMs: 30_000 }))) {
    await stop();
    const said = lastLines(readFileSync(folder.logFile('mail-catcher'), 'utf8'), 10);
    throw new Error(`The mail catcher does not answer:\n${said}`);
  }
  const mails = async (): Promise<CaughtMail[]> =>
    (await (await fetch(`${webUrl}/api/email`)).json()) as CaughtMail[];
  return { smtpUrl: `smtp://127.0.0.1:${smtp}`, webUrl, mails, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
