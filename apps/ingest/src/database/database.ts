import type { DatabaseSettings } from '@offload/platform';
import { Dataset } from '../datasets/dataset.entity.js';
import { WatchPhases } from '../imports/count/watch-phases.js';
import { ImportRun } from '../imports/import-run.entity.js';
import { CreateImports1795000000000 } from './migrations/1795000000000-create-imports.js';
import { DeepenImports1795000000100 } from './migrations/1795000000100-deepen-imports.js';
import { DeepenDatasets1795000000200 } from './migrations/1795000000200-deepen-datasets.js';
import { TimePhases1795000000300 } from './migrations/1795000000300-time-phases.js';

/** The schema of ingest. The tables of datasets stand in the schema `datasets`, which is its own too. */
export function database(url: string, poolSize?: number): DatabaseSettings {
  return {
    url,
    schema: 'ingest',
    name: 'offload ingest',
    entities: [ImportRun, Dataset],
    subscribers: [WatchPhases],
    migrations: [
      CreateImports1795000000000,
      DeepenImports1795000000100,
      DeepenDatasets1795000000200,
      TimePhases1795000000300,
    ],
    ...(poolSize === undefined ? {} : { poolSize }),
  };
}
