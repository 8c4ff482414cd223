import { z } from 'zod';

interface Variable {
  description?: string;
  default?: string | number | boolean | undefined;
}

/**
 * The environment variables of each service as a page; those that all of them share come first, programs that are
 * no services come last.
 */
export function configurationPage(
  services: Record<string, z.ZodObject>,
  programs: Record<string, z.ZodObject> = {},
): string {
  const tables = Object.entries(services).map(([name, schema]) => ({
    name,
    ...variablesOf(schema),
  }));
  const shared = Object.keys(tables[0]?.variables ?? {}).filter((variable) =>
    tables.every(
      ({ variables }) =>
        JSON.stringify(variables[variable]) === JSON.stringify(tables[0]?.variables[variable]),
    ),
  );
  return [
    '# Configuration',
    '',
    'Generated from each service’s `config.ts` by `npm run generate`. Do not edit.',
    '',
    'Every variable can be given as `<NAME>_FILE` instead, the path of a file that holds the value: `DATABASE_URL_FILE=/run/secrets/database-url`. White space',
    'around what the file holds does not count. Both at once, a file that is missing and one that is empty are refused at the start, in words.',
    '',
    'The credentials of S3 are found by the AWS SDK and not by Offload. From files: `AWS_SHARED_CREDENTIALS_FILE`, the path of a file as `aws configure`',
    'writes it (`[default]`, `aws_access_key_id = …`, `aws_secret_access_key = …`). All of them are read at the start: a service is restarted to take new ones.',
    '',
    ...section('Every service', tables[0], (variable) => shared.includes(variable)),
    ...tables.flatMap((table) =>
      section(table.name, table, (variable) => !shared.includes(variable)),
    ),
    ...Object.entries(programs).flatMap(([name, schema]) =>
      section(name, variablesOf(schema), () => true),
    ),
  ].join('\n');
}

function variablesOf(schema: z.ZodObject): {
  variables: Record<string, Variable>;
  required: string[];
} {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  });
  const variables = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const { description, default: value } = property as Variable;
      return [
        name,
        {
          ...(description ? { description } : {}),
          default: isFixed(schema, name) ? value : undefined,
        },
      ];
    }),
  );
  return { variables, required };
}

/** A default that is computed (host name, process id) is told in words by its description. */
function isFixed(schema: z.ZodObject, name: string): boolean {
  const once = schema.shape[name]?.safeParse(undefined);
  return name !== 'INSTANCE_ID' && (once?.success ?? false);
}

function section(
  title: string,
  table: { variables: Record<string, Variable>; required: string[] } | undefined,
  belongs: (variable: string) => boolean,
): string[] {
  if (!table) return [];
  const rows = Object.entries(table.variables).filter(([name]) => belongs(name));
  return [
    `## ${title}`,
    '',
    '| variable | default | meaning |',
    '| --- | --- | --- |',
    ...rows.map(
      ([name, variable]) =>
        `| \`${name}\` | ${defaultOf(name, variable, table.required)} | ${variable.description ?? ''} |`,
    ),
    '',
  ];
}

function defaultOf(name: string, variable: Variable, required: string[]): string {
  if (required.includes(name)) return '**required**';
  return variable.default === undefined ? '' : `\`${variable.default}\``;
}
