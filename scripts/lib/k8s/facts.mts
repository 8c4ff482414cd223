import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { inRepository } from '../repository.mts';
import type { Configs } from './checks/environment.mts';

/** What the manifests are compared with, from the built code. */
export interface Facts {
  configs: Configs;
  queues: string[];
  version: string;
}

const PROGRAMS = ['gateway', 'ingest', 'notifier', 'migrate'];

/** Expects dist/ to be built and docs/generated/ to be up to date, as other checks make sure of. */
export function readFacts(): Facts {
  const { version } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8')) as {
    version: string;
  };
  const topology = readFileSync(inRepository('docs/generated/topology.md'), 'utf8');
  const queues = [...topology.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
  return { configs: Object.fromEntries(PROGRAMS.flatMap(configOf)), queues, version };
}

function configOf(program: string): [string, z.ZodObject][] {
  const file = inRepository('dist/apps', program, 'src/config.js');
  if (!existsSync(file)) return [];
  const exported = createRequire(inRepository('package.json'))(file) as Record<string, unknown>;
  const config = Object.entries(exported).find(([name]) => name.endsWith('Config'))?.[1];
  // Built code has a zod of its own module system, so it is known by its shape and not by its class.
  return isSchema(config) ? [[program, config]] : [];
}

function isSchema(value: unknown): value is z.ZodObject {
  return typeof value === 'object' && value !== null && 'shape' in value && 'safeParse' in value;
}
