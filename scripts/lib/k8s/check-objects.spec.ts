import { z } from 'zod';
import { checkObjects } from './check-objects.mts';
import type { KubernetesObject } from './object.mts';

type Change = (objects: Objects) => void;
type Objects = ReturnType<typeof aService>;

describe(checkObjects.name, () => {
  it('has nothing to say about a service that would run', () => {
    expect(problemsOf(() => undefined)).toEqual([]);
  });

  const cases: [what: string, change: Change, told: string][] = [
    [
      'a key that the Secret does not have',
      ({ item }) => (item.key = 'gatway-url'),
      'The Secret "offload-database" has no key "gatway-url"',
    ],
    [
      'a Secret that nobody makes',
      ({ secret }) => (secret.name = 'database'),
      'There is no Secret "database"',
    ],
    [
      'a ConfigMap under another name',
      ({ config }) => (config.metadata.name = 'gateway-settings'),
      'There is no ConfigMap "gateway-config"',
    ],
    [
      'a ServiceAccount that is not there',
      ({ spec }) => (spec.serviceAccountName = 'gatekeeper'),
      'There is no ServiceAccount "gatekeeper"',
    ],
    [
      'a privileged container',
      ({ container }) => (container.securityContext.privileged = true),
      'A privileged container is root on its machine',
    ],
    [
      'a root file system that can be written',
      ({ container }) => (container.securityContext.readOnlyRootFilesystem = false),
      'securityContext.readOnlyRootFilesystem',
    ],
    [
      'a folder of the machine',
      ({ spec }) => spec.volumes.push({ name: 'machine', hostPath: { path: '/' } }),
      'refuses this kind of volume',
    ],
    [
      'a probe of a port that the container does not have',
      ({ container }) => (container.readinessProbe.httpGet.port = 'web'),
      'The container has no port "web". It has "http".',
    ],
    [
      'a Service that leads to such a port',
      ({ port }) => (port.targetPort = 'web'),
      'The pods have no port "web"',
    ],
    [
      'a budget for pods that are not there',
      ({ budget }) => (budget.spec.selector.matchLabels['app.kubernetes.io/component'] = 'gatway'),
      'PodDisruptionBudget gateway · spec.selector',
    ],
    [
      'a policy whose list has a name that no pod has',
      ({ among }) => among.values.push('ingset'),
      'No pod of this build has the value ingset',
    ],
    [
      'a policy that lets in who is not there',
      ({ peer }) => Object.assign(peer.matchLabels, { who: 'nobody' }),
      'spec.ingress[0] podSelector: It selects no pod',
    ],
    [
      'an edge that only one end knows',
      ({ policy }) =>
        Object.assign(policy.spec, {
          policyTypes: ['Ingress', 'Egress'],
          egress: [{ to: [{ podSelector: {} }], ports: [{ port: 8080 }] }],
        }),
      'gateway to gateway:8080 is open at one end only',
    ],
    [
      'a variable that the service does not know',
      ({ config }) => Object.assign(config.data, { DRAIN_TIMEOUT: '5' }),
      'The service knows no variable DRAIN_TIMEOUT.',
    ],
    [
      'a value that the service refuses',
      ({ config }) => (config.data.DRAIN_TIMEOUT_MS = 'long'),
      'The service would not start',
    ],
    [
      'a variable that has to be set and is not',
      ({ container }) => container.env.pop(),
      'The service would not start',
    ],
    [
      'a file that no volume brings',
      ({ variable }) => (variable.value = '/run/secrets/offload/url'),
      'No volume brings the file /run/secrets/offload/url',
    ],
    [
      'an address of a Service that is not there',
      ({ config }) =>
        Object.assign(config.data, { STORAGE_URL: 's3://b?endpoint=http://storage:9000' }),
      'leads to storage:9000, which is no Service of this build',
    ],
    [
      'less time to stop than the service may take',
      ({ spec }) => (spec.terminationGracePeriodSeconds = 40),
      '40 s are not above the 40 s that a stop may take',
    ],
    [
      'a limit of memory that the kernel reaches first',
      ({ config }) => (config.data.MEMORY_LIMIT_MB = '512'),
      'MEMORY_LIMIT_MB has to be set, and below it',
    ],
    [
      'a number of pods that an autoscaler decides',
      ({ deployment }) => Object.assign(deployment.spec, { replicas: 2 }),
      'every apply would set it back',
    ],
    [
      'a queue that nobody declares',
      ({ trigger }) =>
        Object.assign(trigger.metadata, {
          useRegex: 'true',
          queueName: String.raw`^gateway\.(check-upload|chekc)$`,
        }),
      String.raw`No queue is named "^gateway\.chekc$"`,
    ],
    [
      'a scaler that does not see what is in hand',
      ({ trigger }) => (trigger.metadata.protocol = 'amqp'),
      'Messages in hand have to count',
    ],
    [
      'more connections than the database takes',
      ({ scaler }) => (scaler.spec.maxReplicaCount = 20),
      '100 connections are fewer than the 225 that all pods may want',
    ],
    [
      'an image that is another one tomorrow',
      ({ container }) => (container.image = 'registry.example.com:5000/gateway'),
      'is another image tomorrow',
    ],
    [
      'a version of ours that is not the one beside the manifests',
      ({ container }) => (container.image = 'offload/gateway:0.9.9'),
      'The version of this repository is 1.2.3',
    ],
    [
      'a password among the settings',
      ({ config }) => Object.assign(config.data, { STORAGE_URL: 'https://me:word@example.org' }),
      'It has a password in it',
    ],
  ];

  it.each(cases)('tells of %s', (_what, change, told) => {
    expect(problemsOf(change).join('\n')).toContain(told);
  });

  it('tells of a Secret with its values', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'offload-mail' } };

    const [problem] = checkObjects([...listOf(aService()), secret], facts);

    expect(problem?.message).toContain('A Secret in a manifest is in the repository for ever');
  });
});

function problemsOf(change: Change): string[] {
  const objects = aService();
  change(objects);
  return checkObjects(listOf(objects), facts).map(
    ({ object, field, message }) => `${object} · ${field}: ${message}`,
  );
}

const facts = {
  version: '1.2.3',
  queues: ['gateway.check-upload', 'ingest.load-chunk'],
  configs: {
    gateway: z.object({
      DATABASE_URL: z.url(),
      DATABASE_POOL: z.coerce.number().default(10),
      DRAIN_TIMEOUT_MS: z.coerce.number().default(25_000),
      MEMORY_LIMIT_MB: z.coerce.number().optional(),
      STORAGE_URL: z.string().optional(),
    }),
  },
};

/** A gateway with everything around it that the checks look at; a test breaks one thing of it. */
function aService() {
  const labels = { 'app.kubernetes.io/name': 'offload', 'app.kubernetes.io/component': 'gateway' };
  const variable = { name: 'DATABASE_URL_FILE', value: '/run/secrets/offload/database-url' };
  const container = {
    name: 'gateway',
    image: 'offload/gateway:1.2.3',
    ports: [{ name: 'http', containerPort: 8080 }],
    envFrom: [{ configMapRef: { name: 'gateway-config' } }],
    env: [variable],
    readinessProbe: { httpGet: { path: '/health/ready', port: 'http' } },
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
    securityContext: {
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'secrets', mountPath: '/run/secrets/offload' }],
  };
  const item = { key: 'gateway-url', path: 'database-url' };
  const secret = { name: 'offload-database', items: [item] };
  const volumes: object[] = [
    { name: 'secrets', projected: { sources: [{ secret }] } },
    { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
  ];
  const spec = {
    serviceAccountName: 'gateway',
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 60,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
    volumes,
  };
  const selector = { matchLabels: { ...labels } };
  const port = { name: 'http', port: 80, targetPort: 'http' };
  const among = { key: 'app.kubernetes.io/component', operator: 'In', values: ['gateway'] };
  const peer = { matchLabels: { ...labels } };
  const trigger = {
    type: 'rabbitmq',
    metadata: { protocol: 'http', queueName: 'gateway.check-upload' },
  };
  const metadata = { name: 'gateway', labels };
  const parts = { container, spec, variable, item, secret, port, among, peer, trigger };
  const objects = {
    deployment: {
      kind: 'Deployment',
      metadata,
      spec: { selector, template: { metadata: { labels }, spec } },
    },
    account: { kind: 'ServiceAccount', metadata },
    config: {
      kind: 'ConfigMap',
      metadata: { name: 'gateway-config' },
      data: { MEMORY_LIMIT_MB: '440', DRAIN_TIMEOUT_MS: '25000' },
    },
    service: {
      kind: 'Service',
      metadata,
      spec: { selector: { ...labels }, ports: [port] },
    },
    budget: {
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { selector: { matchLabels: { ...labels } } },
    },
    policy: {
      kind: 'NetworkPolicy',
      metadata,
      spec: {
        podSelector: { matchExpressions: [among] },
        ingress: [{ from: [{ podSelector: peer }] }],
      },
    },
    scaler: {
      kind: 'ScaledObject',
      metadata,
      spec: {
        scaleTargetRef: { name: 'gateway' },
        maxReplicaCount: 4,
        triggers: [trigger],
      },
    },
    database: {
      apiVersion: 'postgresql.cnpg.io/v1',
      kind: 'Cluster',
      metadata: { name: 'postgres' },
    },
  };
  return { ...parts, ...objects, all: Object.values(objects) };
}

function listOf({ all }: Objects): KubernetesObject[] {
  return all.map((each) => ({ apiVersion: 'v1', ...each }));
}
