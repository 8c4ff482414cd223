import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import { apiKeyFrom } from '../api-key.mts';

/**
 * The Secrets of a new installation, as one text of YAML. Passwords are random each time; they have no
 * character that would have to be escaped in an address or in the broker's configuration.
 */
export function secretManifests(given: Record<string, string | undefined>): string {
  const owner = password();
  const broker = password();
  const database = (user: string, secret = password()): string =>
    `postgres://${user}:${secret}@postgres-rw:5432/offload`;
  const secrets: Record<string, Record<string, string>> = {
    'offload-database': {
      'admin-url': database('offload', owner),
      'gateway-url': database('offload_gateway'),
      'ingest-url': database('offload_ingest'),
      'notifier-url': database('offload_notifier'),
      'reader-url': database('offload_reader'),
    },
    'offload-database-owner': { username: 'offload', password: owner },
    'offload-broker': {
      url: `amqp://offload:${broker}@rabbitmq:5672`,
      'management-url': `http://offload:${broker}@rabbitmq:15672`,
      // The operator adds lines of its own below, so the last one has to be ended.
      'default_user.conf': `default_user = offload\ndefault_pass = ${broker}\n`,
    },
    'offload-mail': { 'smtp-url': given['SMTP_URL'] ?? 'smtp://mail-catcher:1025' },
    'offload-storage': storage(given['AWS_ACCESS_KEY_ID'], given['AWS_SECRET_ACCESS_KEY']),
    'offload-gateway': { 'bootstrap-api-key': apiKeyFrom() },
  };
  return Object.entries(secrets)
    .map(([name, stringData]) =>
      stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name,
          namespace: 'offload',
          labels: { 'app.kubernetes.io/part-of': 'offload' },
        },
        type: name === 'offload-database-owner' ? 'kubernetes.io/basic-auth' : 'Opaque',
        stringData,
      }),
    )
    .join('---\n');
}

/** With who may use the storage of the component `object-storage`, as SeaweedFS reads it. */
function storage(accessKey = 'offload', secretKey = password()): Record<string, string> {
  const actions = ['Admin', 'Read', 'Write', 'List', 'Tagging'];
  const identity = { name: 'offload', credentials: [{ accessKey, secretKey }], actions };
  return {
    'access-key-id': accessKey,
    'secret-access-key': secretKey,
    'identities.json': JSON.stringify({ identities: [identity] }),
  };
}

function password(): string {
  return randomBytes(24).toString('hex');
}
