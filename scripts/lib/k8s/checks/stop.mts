import { containersOf, type KubernetesObject, templatesOf } from '../object.mts';
import { type Problem, problem } from '../problem.mts';
import { bytesOf } from '../quantity.mts';
import { configOf, type Configs, environmentOf } from './environment.mts';

/** What a stop may take beside waiting and draining: closing connections. */
const CLOSING_S = 10;

/**
 * A pod is given the time that its service may take to stop, so that none is killed with work in hand; and
 * its own limit of memory is below the container's, so that it ends in good order before the kernel ends it.
 */
export function checkStop(
  objects: KubernetesObject[],
  { configs }: { configs: Configs },
): Problem[] {
  return templatesOf(objects).flatMap((pods) => {
    const settings = settingsOf(pods, objects, configs);
    if (!settings) return [];
    const { template, owner } = pods;
    const container = containersOf(pods).find(({ field }) => field.endsWith('.containers[0]'));
    const preStop = container?.container.lifecycle?.preStop?.sleep?.seconds ?? 0;
    const needed = preStop + settings.delayMs / 1000 + settings.drainMs / 1000 + CLOSING_S;
    const given = template.spec.terminationGracePeriodSeconds ?? 30;
    const limit = bytesOf(container?.container.resources?.limits?.['memory']);
    const own = settings.memoryMiB === undefined ? undefined : settings.memoryMiB * 1024 ** 2;
    return [
      ...(given > needed
        ? []
        : [
            problem(
              owner,
              `${template.field}.terminationGracePeriodSeconds`,
              `${given} s are not above the ${needed} s that a stop may take: preStop ${preStop} s, SHUTDOWN_DELAY_MS ${settings.delayMs}, DRAIN_TIMEOUT_MS ${settings.drainMs} and ${CLOSING_S} s. Raise it.`,
            ),
          ]),
      ...(own !== undefined && limit !== undefined && own < limit
        ? []
        : [
            problem(
              owner,
              `${container?.field}.resources.limits.memory`,
              'MEMORY_LIMIT_MB has to be set, and below it: then the service drains and ends before the kernel kills it.',
            ),
          ]),
    ];
  });
}

interface Settings {
  delayMs: number;
  drainMs: number;
  memoryMiB: number | undefined;
}

function settingsOf(
  pods: Parameters<typeof configOf>[0],
  objects: KubernetesObject[],
  configs: Configs,
): Settings | undefined {
  const schema = configOf(pods, configs);
  if (!schema || !('DRAIN_TIMEOUT_MS' in schema.shape)) return undefined;
  const { variables } = environmentOf(pods, objects);
  const given = Object.fromEntries([...variables].map(([name, { value }]) => [name, value]));
  const parsed = schema.safeParse(given);
  // What is wrong with it is told by the check of the environment.
  if (!parsed.success) return undefined;
  const {
    DRAIN_TIMEOUT_MS: drainMs,
    SHUTDOWN_DELAY_MS: delayMs = 0,
    MEMORY_LIMIT_MB: memoryMiB,
  } = parsed.data;
  return {
    drainMs: Number(drainMs),
    delayMs: Number(delayMs),
    memoryMiB: memoryMiB === undefined ? undefined : Number(memoryMiB),
  };
}
