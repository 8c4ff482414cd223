/** What is known of a key of a Secret: whether the installation works without it, and what a value looks like. */
interface SecretKey {
  /** Stands in for the value when a configuration is checked. */
  example: string;
  isOptional?: true;
}

/**
 * The Secrets that an installation brings, which no manifest contains: `npm run k8s:secrets` makes them, or a
 * store of secrets of yours. One that a manifest refers to and that does not stand here is a mistake.
 */
export const secretContract: Record<string, Record<string, SecretKey>> = {
  'offload-database': {
    'gateway-url': { example: 'postgres://offload_gateway:secret@postgres-rw:5432/offload' },
    'ingest-url': { example: 'postgres://offload_ingest:secret@postgres-rw:5432/offload' },
    'notifier-url': { example: 'postgres://offload_notifier:secret@postgres-rw:5432/offload' },
    'admin-url': { example: 'postgres://offload:secret@postgres-rw:5432/offload' },
    'reader-url': {
      example: 'postgres://offload_reader:secret@postgres-rw:5432/offload',
      isOptional: true,
    },
  },
  'offload-database-owner': {
    username: { example: 'offload' },
    password: { example: 'secret' },
  },
  'offload-broker': {
    url: { example: 'amqp://offload:secret@rabbitmq:5672' },
    'management-url': { example: 'http://offload:secret@rabbitmq:15672' },
    'default_user.conf': { example: 'default_user = offload\ndefault_pass = secret\n' },
  },
  'offload-mail': { 'smtp-url': { example: 'smtp://mail-catcher:1025' } },
  'offload-storage': {
    'access-key-id': { example: 'offload' },
    'secret-access-key': { example: 'secret' },
    // What the component object-storage lets in.
    'identities.json': { example: '{}' },
  },
  'offload-backup': {
    'access-key-id': { example: 'offload-backup' },
    'secret-access-key': { example: 'secret' },
  },
  'offload-gateway': {
    'bootstrap-api-key': {
      example: 'off_live_0123456789abcdefABCDEF_7a5f86',
      isOptional: true,
    },
  },
  // Made by cert-manager or by whoever has the certificate.
  'offload-tls': { 'tls.crt': { example: '' }, 'tls.key': { example: '' } },
};

export function exampleOf(secret: string, key: string): string | undefined {
  return secretContract[secret]?.[key]?.example;
}
