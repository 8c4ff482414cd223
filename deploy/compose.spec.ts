import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const ours = ['gateway', 'ingest', 'notifier', 'migrate'];

describe('docker-compose.yml', () => {
  const file = parse(read('docker-compose.yml'), { merge: true }) as ComposeFile;
  const services = Object.entries(file.services);
  const running = services.filter(([name]) => name !== 'migrate');

  it('publishes the API and the page of the mail catcher, on this machine alone, and nothing else', () => {
    const published = services.flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${withDefaults(port)}`),
    );

    expect(published).toEqual(['balancer 127.0.0.1:8080:8080', 'mail 127.0.0.1:1080:1080']);
  });

  it.each(services)('contains %s', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } },
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
      cpus: expect.any(Number),
      pids_limit: expect.any(Number),
    });
    expect(service.user).toMatch(/^[1-9]\d*:\d+$/);
    expect(service).not.toHaveProperty('privileged');
    // A plain machine refuses a container that asks for more than the daemon has.
    expect(service).not.toHaveProperty('ulimits');
    expect(service).not.toHaveProperty('container_name');
  });

  it.each(running)('knows when %s works, and gives it time to stop', (name, service) => {
    expect(service.restart).toBe('unless-stopped');
    expect(service.stop_grace_period).toMatch(/^\d+s$/);
    // Ours have one in their image.
    expect(service.healthcheck?.test[0]).toBe(ours.includes(name) ? undefined : 'CMD');
  });

  it('starts nothing before what it needs', () => {
    for (const name of ['gateway', 'ingest', 'notifier']) {
      expect(file.services[name]?.depends_on).toEqual({
        migrate: { condition: 'service_completed_successfully' },
        rabbitmq: { condition: 'service_healthy' },
      });
    }
    expect(file.services['migrate']?.depends_on).toEqual({
      postgres: { condition: 'service_healthy' },
      rabbitmq: { condition: 'service_healthy' },
      storage: { condition: 'service_healthy' },
    });
  });

  it('gives our services longer to stop than they take at most', () => {
    for (const name of ['gateway', 'ingest', 'notifier']) {
      const { environment = {}, stop_grace_period: grace = '' } = file.services[name] ?? {};
      const wait = Number(environment['SHUTDOWN_DELAY_MS'] ?? 0);
      const drain = Number(environment['DRAIN_TIMEOUT_MS'] ?? 25_000);

      expect(Number.parseInt(grace, 10) * 1000).toBeGreaterThan(wait + drain + 10_000);
    }
  });

  it('ends a service that grows in good order, before its container is killed', () => {
    for (const name of ['gateway', 'ingest', 'notifier']) {
      const { environment = {}, mem_limit: limit = '' } = file.services[name] ?? {};
      const megabytes = Number.parseInt(limit, 10) * (limit.endsWith('g') ? 1024 : 1);

      expect(Number(environment['MEMORY_LIMIT_MB'])).toBeLessThan(0.9 * megabytes);
    }
  });

  it('names images of others by version, and ours by the version of package.json', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const ourImages = ours.map((name) => `offload/${name}:${version}`);
    const images = services.map(([, { image }]) => withDefaults(image));

    expect(images).toEqual(expect.arrayContaining(ourImages));
    for (const image of images.filter((each) => !ourImages.includes(each))) {
      expect(image).toMatch(/^docker\.io\/[a-z]+\/[a-z]+:v?\d+(\.\d+)*(-[a-z]+)?$/);
    }
  });

  it('carries no secret: each is a file that is not committed', () => {
    expect(read('.gitignore')).toContain('deploy/compose/secrets/');
    for (const { file: path } of Object.values(file.secrets)) {
      expect(path).toMatch(/^\.\/deploy\/compose\/secrets\/\w+$/);
    }
    const told = services.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    );
    const secret = told.filter(
      (each) =>
        /(URL|KEY|PASS\w*|SECRET|CREDENTIALS)\w*=/.test(each) &&
        !/^(PUBLIC|STORAGE)_URL=/.test(each),
    );
    for (const each of secret) expect(each).toMatch(/_FILE=\/run\/secrets\/\w+$/);
  });

  it('has every secret made by the script', () => {
    const script = read('deploy/compose/make-secrets.sh');
    const made = [...script.matchAll(/\| put "?([\w${}]+)"?/g)].flatMap(([, name = '']) =>
      name.startsWith('$')
        ? ['gateway', 'ingest', 'notifier', 'reader'].map((role) => `${role}_database_url`)
        : [name],
    );

    expect(made.toSorted()).toEqual(Object.keys(file.secrets).toSorted());
  });

  it('keeps data in named volumes, and mounts files of the repository read-only', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes);
    for (const mount of mounts.filter((each) => each.startsWith('.')))
      expect(mount).toMatch(/:ro$/);

    const named = mounts
      .filter((each) => !each.startsWith('.'))
      .map((each) => each.split(':')[0] ?? '');
    expect(named.toSorted()).toEqual(Object.keys(file.volumes).toSorted());
  });

  it('leaves what keeps data no way out', () => {
    expect(file.networks['back']).toEqual({ internal: true });
    for (const name of ['postgres', 'rabbitmq', 'storage']) {
      expect(file.services[name]?.networks).toEqual(['back']);
    }
  });

  it('traces our services alike when tracing.yml is added, and hands on only what is set', () => {
    const added = parse(read('deploy/compose/tracing.yml'), { merge: true }) as ComposeFile;

    expect(Object.keys(added.services)).toEqual(['gateway', 'ingest', 'notifier']);
    for (const { environment = {} } of Object.values(added.services)) {
      const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...others } = environment;
      expect(endpoint).toMatch(/^\$\{OTEL_EXPORTER_OTLP_ENDPOINT:\?/);
      expect(Object.values(others)).toEqual(Object.keys(others).map(() => null));
      for (const name of Object.keys(others)) {
        expect(read('docs/generated/configuration.md')).toContain(`\`${name}\``);
      }
    }
  });

  it('is read by docker-compose 1.29 too', () => {
    expect(Object.keys(file).filter((key) => !key.startsWith('x-'))).toEqual([
      'services',
      'networks',
      'volumes',
      'secrets',
    ]);
    expect(read('docker-compose.yml')).not.toMatch(
      /^\s*(start_interval|develop|include):|\$\{[^}]*\$\{/m,
    );
  });
});

interface ComposeFile {
  services: Record<string, Service>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
}

interface Service {
  image: string;
  user?: string;
  restart?: string;
  ports?: string[];
  volumes?: string[];
  networks?: string[];
  environment?: Record<string, string | number | null>;
  depends_on?: Record<string, unknown>;
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
  mem_limit?: string;
}

/** As compose fills it in where nothing is set. */
function withDefaults(text: string): string {
  return text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
}

function read(path: string): string {
  return readFileSync(join(__dirname, '..', path), 'utf8');
}
