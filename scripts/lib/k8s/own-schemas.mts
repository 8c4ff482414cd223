const text = { type: 'string' };
const labels = { type: 'object', additionalProperties: text };

/** An object of which only these fields are known; others are told. */
function fields(properties: Record<string, object>, required: string[] = []): object {
  return { type: 'object', additionalProperties: false, properties, required };
}

const metadata = fields({ name: text, namespace: text, labels, annotations: labels }, ['name']);
const resources = fields({ requests: labels, limits: labels });

/** One pod may be overridden in any field; what we override of it is this. */
const podOverride = fields({
  securityContext: { type: 'object' },
  topologySpreadConstraints: { type: 'array', items: { type: 'object' } },
  containers: {
    type: 'array',
    items: fields({ name: text, securityContext: { type: 'object' } }, ['name']),
  },
  initContainers: {
    type: 'array',
    items: fields({ name: text, securityContext: { type: 'object' } }, ['name']),
  },
});

const secretKey = fields({ name: text, key: text }, ['name', 'key']);

/**
 * Schemas of the custom resources that no package brings: the fields that our manifests use, after the
 * definitions of RabbitMQ's Cluster Operator 2 and of the Barman Cloud plugin. A field that is right and
 * missing here is to be added after a look into the operator's reference.
 */
export const ownSchemas: Record<string, object> = {
  'rabbitmq.com/v1beta1/RabbitmqCluster': fields(
    {
      apiVersion: { const: 'rabbitmq.com/v1beta1' },
      kind: { const: 'RabbitmqCluster' },
      metadata,
      spec: fields({
        replicas: { type: 'integer', minimum: 0 },
        image: text,
        imagePullSecrets: { type: 'array', items: fields({ name: text }, ['name']) },
        persistence: fields({ storageClassName: text, storage: text }),
        resources,
        terminationGracePeriodSeconds: { type: 'integer', minimum: 0 },
        tls: fields({
          secretName: text,
          caSecretName: text,
          disableNonTLSListeners: { type: 'boolean' },
        }),
        secretBackend: fields({ externalSecret: fields({ name: text }, ['name']) }),
        rabbitmq: fields({
          additionalConfig: { type: 'string', maxLength: 2000 },
          additionalPlugins: { type: 'array', items: text, maxItems: 100 },
          advancedConfig: text,
          envConfig: text,
        }),
        override: fields({
          statefulSet: fields({ spec: fields({ template: fields({ spec: podOverride }) }) }),
        }),
      }),
    },
    ['apiVersion', 'kind', 'metadata', 'spec'],
  ),
  'barmancloud.cnpg.io/v1/ObjectStore': fields(
    {
      apiVersion: { const: 'barmancloud.cnpg.io/v1' },
      kind: { const: 'ObjectStore' },
      metadata,
      spec: fields(
        {
          retentionPolicy: { type: 'string', pattern: '^[1-9][0-9]*[dwm]$' },
          configuration: fields(
            {
              destinationPath: { type: 'string', minLength: 1 },
              endpointURL: text,
              s3Credentials: fields({
                accessKeyId: secretKey,
                secretAccessKey: secretKey,
                inheritFromIAMRole: { type: 'boolean' },
              }),
              wal: fields({
                compression: { enum: ['bzip2', 'gzip', 'lz4', 'snappy', 'xz', 'zstd'] },
                maxParallel: { type: 'integer', minimum: 1 },
              }),
              data: fields({
                compression: { enum: ['bzip2', 'gzip', 'snappy'] },
                jobs: { type: 'integer', minimum: 1 },
              }),
            },
            ['destinationPath'],
          ),
        },
        ['configuration'],
      ),
    },
    ['apiVersion', 'kind', 'metadata', 'spec'],
  ),
};
