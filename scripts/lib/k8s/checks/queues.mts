import { type KubernetesObject, ofKind, valueAt } from '../object.mts';
import { type Problem, problem } from '../problem.mts';

/**
 * Scalers look at queues that the services declare: a misspelt one is empty for ever, and nothing would
 * ever grow. They count what is in hand too, or the last pod would be taken away from its work.
 */
export function checkQueues(
  objects: KubernetesObject[],
  { queues }: { queues: string[] },
): Problem[] {
  return ofKind(objects, 'ScaledObject').flatMap((scaler) =>
    (valueAt<{ type: string; metadata: Record<string, string> }[]>(scaler, 'spec.triggers') ?? [])
      .filter(({ type }) => type === 'rabbitmq')
      .flatMap(({ metadata }, place) => {
        const at = `spec.triggers[${place}].metadata`;
        return [
          ...missing(metadata, queues).map((name) =>
            problem(
              scaler,
              `${at}.queueName`,
              `No queue is named "${name}". They stand in docs/generated/topology.md.`,
            ),
          ),
          ...(metadata['protocol'] === 'http' && metadata['excludeUnacknowledged'] !== 'true'
            ? []
            : [
                problem(
                  scaler,
                  at,
                  'Messages in hand have to count: set protocol to http and excludeUnacknowledged to false.',
                ),
              ]),
        ];
      }),
  );
}

/** The names in a trigger that no queue has; of a pattern with alternatives, each of them. */
function missing({ queueName = '', useRegex }: Record<string, string>, queues: string[]): string[] {
  if (useRegex !== 'true') return queues.includes(queueName) ? [] : [queueName];
  const [, before = '', alternatives, after = ''] = /^(.*)\((.*)\)(.*)$/.exec(queueName) ?? [];
  const patterns = alternatives?.split('|').map((each) => `${before}${each}${after}`) ?? [
    queueName,
  ];
  return patterns.filter((pattern) => !queues.some((name) => new RegExp(pattern).test(name)));
}
