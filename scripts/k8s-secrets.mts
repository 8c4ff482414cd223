import { secretManifests } from './lib/k8s/secret-manifests.mts';
import { runScript } from './lib/lifetime.mts';

/**
 * npm run --silent k8s:secrets | kubectl create -f -
 *
 * Prints the Secrets that the manifests refer to, with new passwords, for the servers of the components.
 * SMTP_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY name a relay and a storage of yours, where they
 * are set. Nothing is written to a file. `kubectl create` refuses what is there already; never replace
 * passwords with `kubectl apply`: the servers have the first ones (docs/runbooks/deploy-kubernetes.md).
 */
await runScript(async () => {
  process.stdout.write(secretManifests(process.env));
  return 0;
});
