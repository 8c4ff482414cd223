import type { DatabaseSettings } from '@offload/platform';
import { EmailAttempt } from '../emails/email-attempt.entity.js';
import { Email } from '../emails/email.entity.js';
import { CreateEmails1795000000000 } from './migrations/1795000000000-create-emails.js';

/** The notifier's schema. */
export function database(url: string, poolSize?: number): DatabaseSettings {
  return {
    url,
    schema: 'notifier',
    name: 'offload notifier',
    entities: [Email, EmailAttempt],
    migrations: [CreateEmails1795000000000],
    ...(poolSize === undefined ? {} : { poolSize }),
  };
}
