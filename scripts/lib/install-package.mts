import { findIn, findProgram } from './find-program.mts';
import { runProgram, lastLines, succeeds } from './run-program.mts';
import { say } from './say.mts';

/**
 * Installs a Debian package as root, or through sudo where that asks for no password.
 *
 * A Debian server package starts its service as it is installed. A policy-rc.d that says no keeps
 * the machine's own services as they are; it is removed afterwards, and one that exists is left alone.
 * Returns whether the package is installed; false means that this way is not open here.
 */
export async function installPackage(name: string): Promise<boolean> {
  const apt = findIn(['/usr/bin'], 'apt-get');
  const privileged = apt && asRoot();
  if (!privileged) return false;
  say(`Installing the Debian package ${name} …`);
  // In a group of its own, since Ctrl-C must not interrupt dpkg half-way.
  const { code, output } = await runProgram(
    privileged[0],
    [...privileged.slice(1), 'sh', '-c', INSTALL, 'install', name],
    { detached: true },
  );
  if (code === 0) return true;
  say(`The Debian package ${name} could not be installed:\n${lastLines(output, 15)}`);
  return false;
}

/** The command that runs another as root: `env`, `sudo -n env`, or none. */
function asRoot(): [string, ...string[]] | undefined {
  if (process.getuid?.() === 0) return ['env'];
  const sudo = findProgram('sudo');
  return sudo && succeeds(sudo, ['-n', 'true']) ? [sudo, '-n', 'env'] : undefined;
}

const INSTALL = `
set -e
export DEBIAN_FRONTEND=noninteractive
guard=/usr/sbin/policy-rc.d
if [ ! -e "$guard" ]; then
  trap 'rm -f "$guard"' EXIT
  trap 'exit 130' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$guard"
  chmod 755 "$guard"
fi
install() {
  apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$1"
}
install "$1" || { apt-get update; install "$1"; }
`;
