import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { CommonConfig, integer } from './common-config.js';
import { InvalidConfig, loadConfig } from './load-config.js';

describe(loadConfig.name, () => {
  const folder = mkdtempSync(join(tmpdir(), 'offload-config-'));
  const aFile = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads a variable from the file that <NAME>_FILE names, without the new line at its end', () => {
    const config = loadConfig('example', Example, {
      SECRET_FILE: aFile('secret', 'hunter2\n'),
      COUNT_FILE: aFile('count', '12\n'),
    });

    expect(config).toEqual({ SECRET: 'hunter2', COUNT: 12 });
  });

  it('takes every variable that all services know from files', () => {
    const wanted = { DATABASE_URL: 'postgres://a:b@c/d', RABBITMQ_URL: 'amqp://e:f@g', PORT: '81' };
    const defaults = loadConfig('example', CommonConfig, wanted);
    const fromFiles = Object.fromEntries(
      Object.entries(asEnvironment(defaults)).map(([name, text]) => [
        `${name}_FILE`,
        aFile(name, text),
      ]),
    );

    expect(loadConfig('example', CommonConfig, fromFiles)).toEqual(defaults);
  });

  it('refuses a variable that is set in both ways', () => {
    const file = aFile('both', 'from-the-file');

    expect(problemsOf({ SECRET: 'from-the-environment', SECRET_FILE: file })).toContain(
      'SECRET and SECRET_FILE are both set. Leave one of them out.',
    );
  });

  it('takes an empty variable for one that is not set', () => {
    const config = loadConfig('example', Example, {
      SECRET: '',
      SECRET_FILE: aFile('only', 'hunter2'),
      COUNT_FILE: '',
    });

    expect(config).toEqual({ SECRET: 'hunter2', COUNT: 1 });
  });

  it('tells every file that cannot be used, and does not call its variable missing', () => {
    const missing = join(folder, 'missing');

    const problems = problemsOf({ SECRET_FILE: missing, COUNT_FILE: aFile('empty', ' \n') });

    expect(problems).toContain(
      `SECRET_FILE: the file ${missing} cannot be read: there is no such file.`,
    );
    expect(problems).toContain(`COUNT_FILE: the file ${join(folder, 'empty')} is empty.`);
    expect(problems).not.toContain('is not set');
  });

  it('tells of a password that was written into an address as it is, without showing it', () => {
    const problems = problemsOf(
      { DATABASE_URL: 'postgres://offload:100%secret@localhost/offload', RABBITMQ_URL: 'amqp://b' },
      CommonConfig,
    );

    expect(problems).toMatch(/DATABASE_URL: .*write a plain one as %25/);
    expect(problems).not.toContain('secret');
  });

  it.each([
    ['DATABASE_URL', 'postgres:user:hunter2@host/database'],
    ['DATABASE_URL', 'host'],
    ['RABBITMQ_URL', 'amqp:user:hunter2@host'],
  ])('says how %s is written, and not what it was: %s', (name, address) => {
    const problems = problemsOf({ [name]: address }, CommonConfig);

    expect(problems).toMatch(new RegExp(`${name}: Write it as \\w+://user:password@host`));
    expect(problems).not.toContain('hunter2');
  });

  it('does not show what a file holds when it is wrong', () => {
    const file = aFile('wrong', 'a-secret-that-is-no-number');

    const problems = problemsOf({ SECRET: 'hunter2', COUNT_FILE: file });

    expect(problems).toContain('COUNT: ');
    expect(problems).not.toContain('a-secret-that-is-no-number');
  });
});

const Example = z.object({ SECRET: z.string(), COUNT: integer(1, 100).default(1) });

function asEnvironment(config: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

function problemsOf(environment: Record<string, string>, schema: z.ZodObject = Example): string {
  try {
    loadConfig('example', schema, environment);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.message;
    throw error;
  }
  throw new Error('The configuration was taken.');
}
