import { Ajv } from 'ajv';
import type { KubernetesObject } from './object.mts';
import { ownSchemas } from './own-schemas.mts';
import { type Problem, problem } from './problem.mts';
import { unknownFields, type Validate, type ValidationError } from './unknown-fields.mts';

/** Which package has the schemas of a group; groups that Kubernetes itself has are in `kubernetes-models`. */
const PACKAGES: Record<string, string> = {
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
};

type Models = Record<string, { prototype: { validate: () => void } }>;

const ajv = new Ajv({ allErrors: true });
const validators = new Map<string, Validate | undefined>();

/** What a cluster would refuse in an object, and what it would drop without a word. */
export async function checkSchema(object: KubernetesObject): Promise<Problem[]> {
  const validate = await validatorOf(object);
  if (!validate) {
    const message = `There is no schema for ${object.apiVersion}. Correct it, or add one to scripts/lib/k8s/own-schemas.mts.`;
    return [problem(object, 'kind', message)];
  }
  validate(object);
  const errors = [...(validate.errors ?? [])].filter(
    ({ keyword }) => keyword !== 'additionalProperties',
  );
  const unknown = [
    ...new Set([...unknownFields(validate, object), ...additionalOf(validate.errors ?? [])]),
  ];
  return [
    ...errors.map((error) => problem(object, pathOf(error.instancePath), `${wordsOf(error)}.`)),
    ...unknown.map((field) =>
      problem(
        object,
        field,
        `${object.kind} has no such field: a cluster drops it without a word. Correct the name.`,
      ),
    ),
  ];
}

/**
 * Tells whether the schemas of the packages still find what they are for. They are read in a way that an
 * update of the packages could break, and then every manifest would pass.
 */
export async function schemasBite(): Promise<boolean> {
  const broken: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'broken' },
    spec: { selektor: { a: 'b' }, ports: [{ port: 'http' }] },
  };
  const fields = (await checkSchema(broken)).map(({ field }) => field);
  return fields.join(' ') === 'spec.ports[0].port spec.selektor';
}

async function validatorOf({ apiVersion, kind }: KubernetesObject): Promise<Validate | undefined> {
  const type = `${apiVersion}/${kind}`;
  if (!validators.has(type)) validators.set(type, await loadValidator(apiVersion, kind));
  return validators.get(type);
}

/** The packages compile each schema into one function; the class of a kind only leads to it. */
async function loadValidator(apiVersion: string, kind: string): Promise<Validate | undefined> {
  const own = ownSchemas[`${apiVersion}/${kind}`];
  if (own) return ajv.compile(own) as Validate;
  const [group = ''] = apiVersion.split('/');
  const name = `${PACKAGES[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
  const models = await (import(name) as Promise<Models>).catch(() => undefined);
  const Model = models?.[kind];
  return Model && asValidate(Model.prototype);
}

/** `validate` of a model throws what is wrong; ours answers, like the function below it. */
function asValidate(prototype: { validate: () => void }): Validate {
  const validate: Validate = (value) => {
    validate.errors = [];
    try {
      prototype.validate.call(value as { validate: () => void });
    } catch (error) {
      if (!(error instanceof Error) || !('errors' in error)) throw error;
      validate.errors = error.errors as ValidationError[];
    }
    return validate.errors.length === 0;
  };
  return validate;
}

function additionalOf(errors: ValidationError[]): string[] {
  return errors
    .filter(({ keyword }) => keyword === 'additionalProperties')
    .map(({ instancePath, params }) =>
      pathOf(`${instancePath}/${String(params['additionalProperty'])}`),
    );
}

function wordsOf({ message, keyword, params }: ValidationError): string {
  const allowed = params['allowedValues'] ?? params['allowedValue'];
  const words = message ?? `breaks the rule "${keyword}"`;
  return allowed === undefined ? `It ${words}` : `It ${words}: ${JSON.stringify(allowed)}`;
}

/** `/spec/containers/0/image` as `spec.containers[0].image`. */
function pathOf(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) =>
        /^\d+$/.test(part) ? `${path}[${part}]` : [path, part].filter(Boolean).join('.'),
      '',
    );
}
