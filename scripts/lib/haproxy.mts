import { delimiter } from 'node:path';
import { findIn } from './find-program.mts';
import { installPackage } from './install-package.mts';
import { say } from './say.mts';

/** Where tests find HAProxy, as environment variables; empty where there is none. */
export type HaproxyEnvironment = Record<string, string>;

/** HAProxy on PATH or where Debian has it, else its Debian package; the tests that want it are skipped without. */
export async function findHaproxy(): Promise<HaproxyEnvironment> {
  const program =
    onThisMachine() ?? ((await installPackage('haproxy')) ? onThisMachine() : undefined);
  if (program) return { HAPROXY: program };
  say(
    'There is no HAProxy here, so the test of a rolling restart is skipped. Install it to have it.',
  );
  return {};
}

function onThisMachine(): string | undefined {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return findIn([...path, '/usr/sbin', '/usr/local/sbin'], 'haproxy');
}
