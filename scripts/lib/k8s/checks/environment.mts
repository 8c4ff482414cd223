import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import { z } from 'zod';
import {
  containersOf,
  find,
  type KubernetesObject,
  type Pods,
  templatesOf,
  valueAt,
} from '../object.mts';
import { type Problem, problem } from '../problem.mts';
import { exampleOf } from '../secret-contract.mts';
import { operatedServices } from './ports.mts';

/** The configuration of a service by the name of its component label. */
export type Configs = Record<string, z.ZodObject>;

/** Variables that libraries of the services read, as their own documentation has them. */
const OF_LIBRARIES =
  /^(AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SHARED_CREDENTIALS_FILE|REGION|CA_BUNDLE|ROLE_ARN|WEB_IDENTITY_TOKEN_FILE)|NODE_(OPTIONS|EXTRA_CA_CERTS)|TZ|OTEL_(SDK_DISABLED|SERVICE_NAME|RESOURCE_ATTRIBUTES|TRACES_SAMPLER(_ARG)?|EXPORTER_OTLP_(TRACES_)?(ENDPOINT|HEADERS|TIMEOUT|COMPRESSION)))$/;

/**
 * Every variable that a manifest sets is one that its service knows, and all of them together are a
 * configuration that the service would start with. Secrets count with the examples of the contract.
 */
export function checkEnvironment(
  objects: KubernetesObject[],
  { configs }: { configs: Configs },
): Problem[] {
  return templatesOf(objects).flatMap((pods) => {
    const schema = configOf(pods, configs);
    if (!schema) return [];
    const { variables, problems } = environmentOf(pods, objects);
    return [
      ...problems,
      ...troublesOf(pods, schema, variables),
      ...hosts(pods, objects, variables),
    ];
  });
}

export function configOf({ labels }: Required<Pods>, configs: Configs): z.ZodObject | undefined {
  const isOurs = labels['app.kubernetes.io/name'] === 'offload';
  return isOurs ? configs[labels['app.kubernetes.io/component'] ?? ''] : undefined;
}

export interface Variable {
  value: string;
  field: string;
}

/** What the first container of the pods finds in its environment, with each `<NAME>_FILE` read. */
export function environmentOf(
  pods: Required<Pods>,
  objects: KubernetesObject[],
): { variables: Map<string, Variable>; problems: Problem[] } {
  const variables = new Map<string, Variable>();
  const problems: Problem[] = [];
  const { container, field } =
    containersOf(pods).find(({ field: at }) => at.endsWith('.containers[0]')) ?? {};
  for (const { configMapRef } of container?.envFrom ?? []) {
    const config =
      configMapRef?.name === undefined ? undefined : find(objects, 'ConfigMap', configMapRef.name);
    for (const [name, value] of Object.entries(
      valueAt<Record<string, string>>(config, 'data') ?? {},
    )) {
      variables.set(name, { value, field: `ConfigMap ${configMapRef?.name} ${name}` });
    }
  }
  for (const { name, value, valueFrom } of container?.env ?? []) {
    const { secretKeyRef: secret } = valueFrom ?? {};
    const example = secret?.name === undefined ? undefined : exampleOf(secret.name, secret.key);
    const found = value ?? example;
    if (found !== undefined) variables.set(name, { value: found, field: `${field}.env ${name}` });
  }
  for (const [name, { value, field: at }] of variables) {
    if (!name.endsWith('_FILE') || OF_LIBRARIES.test(name)) continue;
    const own = name.slice(0, -'_FILE'.length);
    const content = container && fileIn(pods.template.spec, container, value);
    if (variables.has(own))
      problems.push(problem(pods.owner, at, `${own} is set as well. Leave one of them out.`));
    else if (content === undefined)
      problems.push(
        problem(
          pods.owner,
          at,
          `No volume brings the file ${value}. Mount a Secret with an item of that path.`,
        ),
      );
    else variables.set(own, { value: content, field: at });
    variables.delete(name);
  }
  return { variables, problems };
}

/** The content of a file that comes from a Secret, by its example. */
function fileIn(
  spec: IPodSpec,
  container: IPodSpec['containers'][number],
  path: string,
): string | undefined {
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    if (!path.startsWith(`${mountPath}/`)) continue;
    const volume = spec.volumes?.find((each) => each.name === name);
    const sources = [
      ...(volume?.projected?.sources ?? []).map(({ secret }) => ({
        from: secret?.name,
        items: secret?.items,
      })),
      { from: volume?.secret?.secretName, items: volume?.secret?.items },
    ];
    for (const { from, items = [] } of sources) {
      const item = items.find((each) => `${mountPath}/${each.path}` === path);
      if (from !== undefined && item) return exampleOf(from, item.key);
    }
  }
  return undefined;
}

function troublesOf(
  { owner }: Required<Pods>,
  schema: z.ZodObject,
  variables: Map<string, Variable>,
): Problem[] {
  const unknown = [...variables].filter(
    ([name]) => !(name in schema.shape) && !OF_LIBRARIES.test(name),
  );
  const known = Object.fromEntries([...variables].map(([name, { value }]) => [name, value]));
  const issues = schema.safeParse(known).error?.issues ?? [];
  return [
    ...unknown.map(([name, { field }]) =>
      problem(
        owner,
        field,
        `The service knows no variable ${name}. See docs/generated/configuration.md.`,
      ),
    ),
    ...issues.map(({ path, message }) => {
      const name = path.join('.');
      return problem(
        owner,
        variables.get(name)?.field ?? name,
        `The service would not start: ${message} See docs/generated/configuration.md.`,
      );
    }),
  ];
}

/** A name without a dot is a Service of this namespace; one that is not there is a misspelling. */
function hosts(
  { owner }: Required<Pods>,
  objects: KubernetesObject[],
  variables: Map<string, Variable>,
): Problem[] {
  const operated = operatedServices(objects);
  return [...variables]
    .filter(([, { field }]) => !field.endsWith('_FILE'))
    .flatMap(([name, { value, field }]) => {
      const [, host = '', port] =
        /\bhttps?:\/\/([a-z0-9-]+)(?::(\d+))?(?![\w.-])/.exec(value) ?? [];
      if (host === '') return [];
      const ports =
        valueAt<{ port: number }[]>(find(objects, 'Service', host), 'spec.ports')?.map(
          (each) => each.port,
        ) ?? operated.get(host);
      if (ports?.includes(Number(port ?? 80))) return [];
      return [
        problem(
          owner,
          field,
          `${name} leads to ${host}:${port ?? 80}, which is no Service of this build.`,
        ),
      ];
    });
}
