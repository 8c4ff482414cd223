import type { DatabaseSettings } from '@offload/platform';
import { DeadLetterEntity } from '../dead-letters/dead-letter.entity.js';
import { Email } from '../emails/email.entity.js';
import { Import } from '../imports/import.entity.js';
import { Upload } from '../uploads/upload.entity.js';
import { CreateGateway1795000000000 } from './migrations/1795000000000-create-gateway.js';
import { CreateEvents1795000000100 } from './migrations/1795000000100-create-events.js';

/** The schema of the gateway. It also reads, and only reads, the tables of the schema `datasets`. */
export function database(url: string, poolSize?: number): DatabaseSettings {
  return {
    url,
    schema: 'gateway',
    name: 'gateway',
    entities: [Upload, Import, Email, DeadLetterEntity],
    migrations: [CreateGateway1795000000000, CreateEvents1795000000100],
    ...(poolSize === undefined ? {} : { poolSize }),
  };
}
