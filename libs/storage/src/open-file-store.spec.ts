import { loadConfig } from '@offload/platform';
import { z } from 'zod';
import { LocalFileStore } from './local-file-store.js';
import { openFileStore } from './open-file-store.js';
import { s3AddressOf } from './s3/s3-address.js';
import { S3FileStore } from './s3/s3-file-store.js';
import { storageConfig, storageIsChosen } from './storage-config.js';

const Config = z.object({ OTHER: z.string(), ...storageConfig }).check(storageIsChosen);

describe(openFileStore.name, () => {
  it.each([
    [{ STORAGE_FOLDER: '/srv/files' }, LocalFileStore],
    [{ STORAGE_URL: 'file:///srv/files' }, LocalFileStore],
    [{ STORAGE_URL: 's3://files?region=eu-central-1' }, S3FileStore],
  ])('opens what %j names', (environment, kind) => {
    const config = loadConfig('spec', Config, { OTHER: 'x', ...environment });

    expect(openFileStore(config)).toBeInstanceOf(kind);
  });

  it.each([
    [{}, 'STORAGE_FOLDER is not set'],
    [{ STORAGE_FOLDER: '/a', STORAGE_URL: 's3://b' }, 'not both'],
    [{ STORAGE_FOLDER: 'files' }, 'Give an absolute path'],
    [{ STORAGE_URL: 'https://files' }, 'neither s3://'],
    [{ STORAGE_URL: 's3://?region=x' }, 'names no bucket'],
    [{ STORAGE_URL: 's3://files?endpiont=http://x' }, 'endpiont'],
    [{ STORAGE_URL: 's3://files?path_style=maybe' }, 'path_style'],
    [{ STORAGE_URL: 's3://key:secret@files' }, 'must not carry credentials'],
    [{ STORAGE_URL: 'file://host/files' }, 'nor file:///'],
    [{ STORAGE_URL: 'files' }, 'neither s3://'],
  ])('is preceded by a configuration that refuses %j', (environment, words) => {
    const load = () => loadConfig('spec', Config, environment);

    expect(load).toThrow(words);
    expect(load).toThrow('OTHER is not set');
  });

  it('reads where S3 is', () => {
    expect(s3AddressOf('s3://files')).toEqual({ bucket: 'files', prefix: '', client: {} });
    expect(
      s3AddressOf('s3://files/a/b/?endpoint=https://s3.example.test:9000&path_style=true'),
    ).toEqual({
      bucket: 'files',
      prefix: 'a/b/',
      client: {
        endpoint: 'https://s3.example.test:9000',
        region: 'us-east-1',
        forcePathStyle: true,
      },
    });
  });
});
