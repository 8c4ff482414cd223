/**
 * What a query looks at, as matchers. `everywhere` is for what is the same on all replicas (states read
 * from the database or the broker), `here` for what each process counts for itself, `queues` for what
 * has a queue.
 *
 * Without Kubernetes there is no label `namespace`; its variable is then `.*`, which also fits none.
 */
export const everywhere = 'namespace=~"$namespace"';
export const here = `${everywhere},job=~"$job",instance=~"$instance"`;
export const queues = `${everywhere},queue=~"$queue"`;

/** The gateway's answers to clients: probes and scrapes are not what people wait for. */
export const api = `${everywhere},job="gateway",route=~"/v1/.*|unmatched"`;
