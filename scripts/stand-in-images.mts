import { copyFileSync, cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram } from './lib/find-program.mts';
import { runScript } from './lib/lifetime.mts';
import { inRepository } from './lib/repository.mts';
import { mustRun } from './lib/run-program.mts';
import { say } from './lib/say.mts';

const DEBIAN = 'debian:bookworm-slim';

/** The images that docker-compose.yml and the Dockerfile name, and the folder of deploy/stand-ins that makes each. */
const IMAGES: [folder: string, name: string][] = [
  ['node', 'node:24.21.0-bookworm-slim'],
  ['rabbitmq', 'rabbitmq:4.3-management'],
  ['postgres', 'postgres:18-trixie'],
  ['haproxy', 'haproxy:3.2'],
  ['seaweedfs', 'chrislusf/seaweedfs:4.48'],
  ['maildev', 'maildev/maildev:3.0.0'],
  ['prometheus', 'prom/prometheus:v3.5.0'],
];

/**
 * node scripts/stand-in-images.mts
 *
 * Makes images under the names of the real ones from Debian's packages and npm's, for trying and for tests where no
 * registry can be reached; deploy/stand-ins/README.md says how they differ. Needs root, Docker, mmdebstrap and
 * npm, and a Docker engine that may hold such images: it replaces whatever has these names.
 */
await runScript(async (lifetime) => {
  const folder = mkdtempSync(join(tmpdir(), 'offload-stand-ins-'));
  lifetime.add('build folder', async () => rmSync(folder, { recursive: true, force: true }));
  await makeDebian(join(folder, 'debian.tar'));
  for (const [source, name] of IMAGES) {
    const context = join(folder, source);
    cpSync(inRepository('deploy/stand-ins', source), context, { recursive: true });
    addWhatIsElsewhere(source, context);
    await docker('build', '--quiet', ...secrets(), '--tag', name, context);
    say(name);
  }
  return 0;
});

async function makeDebian(tarball: string): Promise<void> {
  await mustRun('mmdebstrap', [
    ...['--variant=minbase', '--include=ca-certificates', '--aptopt=Acquire::Languages "none"'],
    // As small as the real one, so that sizes can be compared.
    ...['doc', 'man', 'info', 'locale'].map(
      (each) => `--dpkgopt=path-exclude=/usr/share/${each}/*`,
    ),
    '--customize-hook=rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/var/log/*',
    ...['bookworm', tarball],
  ]);
  await docker('import', tarball, DEBIAN);
  say(DEBIAN);
}

/** The binaries are large, and Swift's server is the one of the tests. */
function addWhatIsElsewhere(image: string, context: string): void {
  if (image === 'node') {
    copyFileSync(realpathSync(process.execPath), join(context, 'node'));
    cpSync(npmFolder(), join(context, 'npm'), { recursive: true, dereference: true });
  }
  if (image === 'seaweedfs') {
    copyFileSync(inRepository('scripts/lib/swift-s3.py'), join(context, 'swift-s3.py'));
  }
}

function npmFolder(): string {
  const npm = findProgram('npm');
  if (npm === undefined) throw new Error('npm is not installed.');
  return dirname(dirname(realpathSync(npm)));
}

/** What this machine trusts besides the usual authorities, so that npm can be reached from within. */
function secrets(): string[] {
  const ca = process.env.NODE_EXTRA_CA_CERTS;
  return ca !== undefined && existsSync(ca) ? ['--secret', `id=ca,src=${ca}`] : [];
}

async function docker(...args: string[]): Promise<void> {
  await mustRun('docker', args, { env: { ...process.env, DOCKER_BUILDKIT: '1' } });
}
