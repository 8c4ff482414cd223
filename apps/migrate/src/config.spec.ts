import { InvalidConfig, loadConfig } from '@offload/platform';
import { MigrateConfig } from './config.js';

describe('MigrateConfig', () => {
  it('takes one address for all services, or one for each', () => {
    expect(problemsOf({ DATABASE_URL: one })).toBe('');
    expect(problemsOf(each)).toBe('');
  });

  it('refuses some of the three, and all of them beside the one', () => {
    const sentence = 'all of GATEWAY_DATABASE_URL, INGEST_DATABASE_URL and NOTIFIER_DATABASE_URL.';

    expect(problemsOf({})).toContain(sentence);
    expect(problemsOf({ ...each, INGEST_DATABASE_URL: '' })).toContain(sentence);
    expect(problemsOf({ ...each, DATABASE_URL: one })).toContain(sentence);
  });

  it('makes roles only from addresses that name them, and only as an administrator', () => {
    expect(problemsOf({ DATABASE_URL: one, ADMIN_DATABASE_URL: one })).toContain(
      'Set those instead of DATABASE_URL.',
    );
    expect(problemsOf({ ...each, READER_DATABASE_URL: one })).toContain('Set ADMIN_DATABASE_URL');
    expect(problemsOf({ ...each, READER_DATABASE_URL: one, ADMIN_DATABASE_URL: one })).toBe('');
  });
});

const one = 'postgres://somebody:secret@database/offload';
const each = {
  GATEWAY_DATABASE_URL: one,
  INGEST_DATABASE_URL: one,
  NOTIFIER_DATABASE_URL: one,
};

function problemsOf(environment: Record<string, string>): string {
  try {
    loadConfig('migrate', MigrateConfig, environment);
    return '';
  } catch (error) {
    if (error instanceof InvalidConfig) return error.message;
    throw error;
  }
}
