import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './exit-codes.js';
import type { World } from './terminal/terminal.js';

/** Where `npm run dev` listens when it can. */
export const defaultUrl = 'http://127.0.0.1:3000';

export interface GivenSettings {
  url?: string;
  apiKeyFile?: string;
}

export interface Settings {
  url: string;
  apiKey: string;
}

/**
 * Whom to ask and as whom: the options, else the environment, else the profile, else the default.
 * A key is never an option, because every user of a machine sees the command lines of all. Throws
 * UsageError.
 */
export function readSettings(given: GivenSettings, env: World['env']): Settings {
  const profile = readProfile(env);
  const url = given.url ?? env['OFFLOAD_URL'] ?? profile.url ?? defaultUrl;
  const key =
    given.apiKeyFile === undefined
      ? (env['OFFLOAD_API_KEY'] ?? profile.api_key)
      : readText(given.apiKeyFile, '--api-key-file');
  const apiKey = key?.trim();
  if (!apiKey) {
    throw new UsageError(
      `No API key. Set OFFLOAD_API_KEY, give --api-key-file, or write it to ${profilePath(env)} as ` +
        '{"url":"…","api_key":"…"}.',
    );
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new UsageError('The API key is not one line of ASCII.');
  return { url: readUrl(url), apiKey };
}

/** The address of the gateway; with /v1, as it is often copied, or without. */
function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`“${text}” is not an address like ${defaultUrl} (--url, OFFLOAD_URL).`);
  }
  return url.origin + url.pathname.replace(/\/(v1\/?)?$/, '');
}

function profilePath(env: World['env']): string {
  const home = env['HOME'] ?? homedir();
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'offload', 'config.json');
}

/** A file that others can read holds no secret: it is refused. */
function readProfile(env: World['env']): { url?: string; api_key?: string } {
  const path = profilePath(env);
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return {};
  let profile: { url?: string; api_key?: string };
  try {
    profile = JSON.parse(readText(path, 'the profile')) as typeof profile;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}.`);
  }
  if (profile.api_key !== undefined && process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new UsageError(`Others can read the API key in ${path}. Run: chmod 600 ${path}`);
  }
  return profile;
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${what}: ${(error as Error).message}.`);
  }
}
