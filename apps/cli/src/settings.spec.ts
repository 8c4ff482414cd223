import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from './settings.js';

describe(readSettings, () => {
  let home: string;
  let env: Record<string, string>;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'offload-cli-'));
    env = { HOME: home };
  });

  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('prefers options, then the environment, then the profile, then the default', () => {
    const file = join(home, 'key');
    writeFileSync(file, 'off_file\n');
    writeProfile({ url: 'https://profile.example', api_key: 'off_profile' }, 0o600);
    const set = { ...env, OFFLOAD_URL: 'http://env.example', OFFLOAD_API_KEY: 'off_env' };

    expect(readSettings({}, env)).toEqual({
      url: 'https://profile.example',
      apiKey: 'off_profile',
    });
    expect(readSettings({}, set)).toEqual({ url: 'http://env.example', apiKey: 'off_env' });
    expect(readSettings({ url: 'http://option.example', apiKeyFile: file }, set)).toEqual({
      url: 'http://option.example',
      apiKey: 'off_file',
    });
    expect(readSettings({}, { HOME: '/nonexistent', OFFLOAD_API_KEY: 'off_env' }).url).toBe(
      'http://127.0.0.1:3000',
    );
  });

  it.each([
    ['http://127.0.0.1:3000/v1/', 'http://127.0.0.1:3000'],
    ['https://example.org/offload/', 'https://example.org/offload'],
    ['https://example.org/offload/v1', 'https://example.org/offload'],
  ])('takes the address as it is often copied: %s', (url, expected) => {
    expect(readSettings({ url }, { ...env, OFFLOAD_API_KEY: 'off_env' }).url).toBe(expected);
  });

  it.each([
    ['localhost:3000', 'is not an address like'],
    ['ftp://example.org', 'is not an address like'],
  ])('refuses the address %s', (url, words) => {
    expect(() => readSettings({ url }, { ...env, OFFLOAD_API_KEY: 'k' })).toThrow(words);
  });

  it('refuses a profile whose key others can read', () => {
    writeProfile({ api_key: 'off_profile' }, 0o644);

    expect(() => readSettings({}, env)).toThrow('chmod 600');
  });

  it('refuses a key that is no key, and a file that is not there', () => {
    expect(() => readSettings({}, { ...env, OFFLOAD_API_KEY: 'off\nx' })).toThrow('one line');
    expect(() => readSettings({ apiKeyFile: join(home, 'none') }, env)).toThrow('ENOENT');
  });

  function writeProfile(profile: object, mode: number): void {
    const folder = join(home, '.config', 'offload');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config.json'), JSON.stringify(profile), { mode });
  }
});
