import {
  containersOf,
  find,
  type KubernetesObject,
  ofKind,
  podsOf,
  templatesOf,
  valueAt,
} from '../object.mts';
import { selects } from '../label-selector.mts';
import { type Problem, problem } from '../problem.mts';

interface ServicePort {
  name?: string;
  port: number;
  targetPort?: number | string;
}

type Handler = { port?: number | string } | undefined;

/** Probes, Services and what leads to them name ports that exist. */
export function checkPorts(objects: KubernetesObject[]): Problem[] {
  return [
    ...probes(objects),
    ...services(objects),
    ...ingresses(objects),
    ...routes(objects),
    ...monitors(objects),
  ];
}

/** Ports of a Service that an operator makes, by the names it gives them. */
export function operatedServices(objects: KubernetesObject[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { owner } of podsOf(objects).filter(({ template }) => !template)) {
    const { name } = owner.metadata;
    if (owner.kind === 'RabbitmqCluster') found.set(name, [5672, 15672, 15692]);
    else for (const role of ['rw', 'ro', 'r']) found.set(`${name}-${role}`, [5432]);
  }
  return found;
}

function probes(objects: KubernetesObject[]): Problem[] {
  return templatesOf(objects).flatMap((pods) =>
    containersOf(pods).flatMap(({ container, field }) => {
      const { ports = [], startupProbe, livenessProbe, readinessProbe } = container;
      return Object.entries({ startupProbe, livenessProbe, readinessProbe }).flatMap(
        ([name, probe]) =>
          (['httpGet', 'tcpSocket'] as const).flatMap((kind) => {
            const port = (probe?.[kind] as Handler)?.port;
            if (
              port === undefined ||
              ports.some((each) => each.name === port || each.containerPort === port)
            )
              return [];
            return [
              problem(
                pods.owner,
                `${field}.${name}.${kind}.port`,
                `The container has no port "${port}". ${choice(ports.map((each) => each.name ?? each.containerPort))}`,
              ),
            ];
          }),
      );
    }),
  );
}

function services(objects: KubernetesObject[]): Problem[] {
  return ofKind(objects, 'Service').flatMap((service) => {
    const selector = valueAt<Record<string, string>>(service, 'spec.selector') ?? {};
    const pods = templatesOf(objects).filter(({ labels }) =>
      selects({ matchLabels: selector }, labels),
    );
    const ports = pods.flatMap((each) =>
      containersOf(each).flatMap(({ container }) => container.ports ?? []),
    );
    if (pods.length === 0) return [];
    return portsOf(service).flatMap(({ port, targetPort = port }, place) => {
      if (ports.some((each) => each.name === targetPort || each.containerPort === targetPort))
        return [];
      return [
        problem(
          service,
          `spec.ports[${place}].targetPort`,
          `The pods have no port "${targetPort}". ${choice(ports.map((each) => each.name ?? each.containerPort))}`,
        ),
      ];
    });
  });
}

function ingresses(objects: KubernetesObject[]): Problem[] {
  return ofKind(objects, 'Ingress').flatMap((ingress) => {
    const rules = valueAt<{ http?: { paths?: unknown[] } }[]>(ingress, 'spec.rules') ?? [];
    return rules.flatMap(({ http }, rule) =>
      (http?.paths ?? []).flatMap((path, place) => {
        const name = valueAt<string>(path, 'backend.service.name') ?? '';
        const port =
          valueAt<{ name?: string; number?: number }>(path, 'backend.service.port') ?? {};
        return backend(
          objects,
          ingress,
          `spec.rules[${rule}].http.paths[${place}].backend`,
          name,
          port.name ?? port.number,
        );
      }),
    );
  });
}

function routes(objects: KubernetesObject[]): Problem[] {
  return ofKind(objects, 'HTTPRoute').flatMap((route) => {
    const parents =
      valueAt<{ name: string; sectionName?: string }[]>(route, 'spec.parentRefs') ?? [];
    const rules =
      valueAt<{ backendRefs?: { name: string; port?: number }[] }[]>(route, 'spec.rules') ?? [];
    return [
      ...parents.flatMap(({ name, sectionName }, place) => {
        const listeners =
          valueAt<{ name: string }[]>(find(objects, 'Gateway', name), 'spec.listeners') ?? [];
        if (listeners.some((each) => each.name === (sectionName ?? each.name))) return [];
        return [
          problem(
            route,
            `spec.parentRefs[${place}]`,
            `There is no Gateway "${name}" with a listener "${sectionName}".`,
          ),
        ];
      }),
      ...rules.flatMap(({ backendRefs = [] }, rule) =>
        backendRefs.flatMap(({ name, port }, place) =>
          backend(objects, route, `spec.rules[${rule}].backendRefs[${place}]`, name, port),
        ),
      ),
    ];
  });
}

function backend(
  objects: KubernetesObject[],
  from: KubernetesObject,
  field: string,
  name: string,
  port: number | string | undefined,
): Problem[] {
  const service = find(objects, 'Service', name);
  if (!service)
    return [problem(from, field, `There is no Service "${name}" in this build. Correct the name.`)];
  const ports = portsOf(service);
  if (ports.some((each) => each.name === port || each.port === port)) return [];
  return [
    problem(
      from,
      field,
      `The Service "${name}" has no port "${port}". ${choice(ports.map((each) => each.name ?? each.port))}`,
    ),
  ];
}

function monitors(objects: KubernetesObject[]): Problem[] {
  return ofKind(objects, 'ServiceMonitor').flatMap((monitor) => {
    const selector = valueAt<object>(monitor, 'spec.selector') ?? {};
    const watched = ofKind(objects, 'Service').filter(({ metadata }) =>
      selects(selector, metadata.labels ?? {}),
    );
    if (watched.length === 0)
      return [problem(monitor, 'spec.selector', 'It selects no Service. Correct the labels.')];
    const jobLabel = valueAt<string>(monitor, 'spec.jobLabel');
    const endpoints = valueAt<{ port?: string }[]>(monitor, 'spec.endpoints') ?? [];
    return watched.flatMap((service) => [
      ...(jobLabel === undefined || service.metadata.labels?.[jobLabel]
        ? []
        : [
            problem(
              monitor,
              'spec.jobLabel',
              `The Service "${service.metadata.name}" has no label "${jobLabel}".`,
            ),
          ]),
      ...endpoints
        .filter(({ port }) => !portsOf(service).some(({ name }) => name === port))
        .map(({ port }) =>
          problem(
            monitor,
            'spec.endpoints',
            `The Service "${service.metadata.name}" has no port "${port}".`,
          ),
        ),
    ]);
  });
}

function portsOf(service: KubernetesObject): ServicePort[] {
  return valueAt<ServicePort[]>(service, 'spec.ports') ?? [];
}

function choice(names: (number | string)[]): string {
  return names.length === 0
    ? 'It has none.'
    : `It has ${names.map((name) => `"${name}"`).join(', ')}.`;
}
