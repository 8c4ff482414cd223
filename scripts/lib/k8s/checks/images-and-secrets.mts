import { containersOf, type KubernetesObject, ofKind, templatesOf, valueAt } from '../object.mts';
import { type Problem, problem } from '../problem.mts';

/** Nothing secret is in a manifest, and every image is a version that stays what it is. */
export function checkImagesAndSecrets(
  objects: KubernetesObject[],
  { version }: { version: string },
): Problem[] {
  return [
    ...ofKind(objects, 'Secret').map((secret) =>
      problem(
        secret,
        'data',
        'A Secret in a manifest is in the repository for ever. Refer to it, and make it with npm run k8s:secrets or a store of secrets.',
      ),
    ),
    ...ofKind(objects, 'ConfigMap').flatMap((config) =>
      Object.entries(valueAt<Record<string, string>>(config, 'data') ?? {})
        .filter(([, value]) => /^\w+:\/\/[^/\s:@]+:[^/\s@]+@/.test(value))
        .map(([key]) =>
          problem(config, `data.${key}`, 'It has a password in it. Put it into a Secret.'),
        ),
    ),
    ...images(objects).flatMap(({ owner, field, image }) =>
      troubles(image, version).map((message) => problem(owner, field, message)),
    ),
  ];
}

function images(
  objects: KubernetesObject[],
): { owner: KubernetesObject; field: string; image: string }[] {
  const own = templatesOf(objects).flatMap((pods) =>
    containersOf(pods).map(({ container, field }) => ({
      owner: pods.owner,
      field: `${field}.image`,
      image: container.image ?? '',
    })),
  );
  const operated = ofKind(objects, 'Cluster', 'RabbitmqCluster').flatMap((owner) =>
    ['spec.image', 'spec.imageName'].flatMap((field) => {
      const image = valueAt<string>(owner, field);
      return image === undefined ? [] : [{ owner, field, image }];
    }),
  );
  return [...own, ...operated];
}

function troubles(image: string, version: string): string[] {
  const [, name = '', tag, digest] = /^(.+?)(?::([^:/@]+))?(@sha256:\w+)?$/.exec(image) ?? [];
  if (digest !== undefined) return [];
  if (tag === undefined || tag === 'latest') {
    return [`"${image}" is another image tomorrow. Give a version, or a digest.`];
  }
  // Whoever pins our images elsewhere says which on purpose; the ones here go with the code beside them.
  return /^(registry\.example\.org\/)?offload\/\w+$/.test(name) && tag !== version
    ? [
        `The version of this repository is ${version}, and this is ${tag}. Set newTag in k8s/base and in k8s/components/image-tags.`,
      ]
    : [];
}
