import type { DatabaseSettings } from '@offload/platform';
import { Dataset } from '../datasets/dataset.entity.js';
import { DeadLetterEntity } from '../dead-letters/dead-letter.entity.js';
import { ReplayEntity } from '../dead-letters/replays/replay.entity.js';
import { Email } from '../emails/email.entity.js';
import { Import } from '../imports/import.entity.js';
import { SavedMapping } from '../mappings/mapping.entity.js';
import { Upload } from '../uploads/upload.entity.js';
import { CreateGateway1795000000000 } from './migrations/1795000000000-create-gateway.js';
import { CreateEvents1795000000100 } from './migrations/1795000000100-create-events.js';
import { GroupDeadLetters1795000000200 } from './migrations/1795000000200-group-dead-letters.js';
import { CreateAudit1795000000300 } from './migrations/1795000000300-create-audit.js';
import { CreateReplays1795000000400 } from './migrations/1795000000400-create-replays.js';
import { CreateMonitor1795000000500 } from './migrations/1795000000500-create-monitor.js';
import { ResumableUploads1795000000600 } from './migrations/1795000000600-resumable-uploads.js';
import { OpenImports1795000000700 } from './migrations/1795000000700-open-imports.js';
import { DeclareDatasets1795000000800 } from './migrations/1795000000800-declare-datasets.js';

/** The schema of the gateway. It also reads, and only reads, the tables of the schema `datasets`. */
export function database(url: string, poolSize?: number): DatabaseSettings {
  return {
    url,
    schema: 'gateway',
    name: 'gateway',
    entities: [Upload, Import, SavedMapping, Dataset, Email, DeadLetterEntity, ReplayEntity],
    migrations: [
      CreateGateway1795000000000,
      CreateEvents1795000000100,
      GroupDeadLetters1795000000200,
      CreateAudit1795000000300,
      CreateReplays1795000000400,
      CreateMonitor1795000000500,
      ResumableUploads1795000000600,
      OpenImports1795000000700,
      DeclareDatasets1795000000800,
    ],
    ...(poolSize === undefined ? {} : { poolSize }),
  };
}
