import { statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FileStore } from '@offload/storage';
import { defaultTenantId } from '../src/access/bootstrap-access.js';
import { gatewayHarness } from './gateway-harness.js';
import { offsetStream, tus, tusRequests } from './tus-requests.js';

/** Of a file, in bytes. */
export const maxBytes = 1_000_000;

/** A gateway that is spoken to in tus, and what it has stored. Call it inside `describe`. */
export function tusHarness() {
  const gateway = gatewayHarness({
    config: { MAX_UPLOAD_BYTES: String(maxBytes), UPLOAD_EXPIRES_HOURS: '2' },
  });
  const { as, app, bootstrapKey, db, folder, url } = gateway;

  const fileOf = (path: string): string => join(folder, keyOf(path));

  const sizeOfPartial = (path: string): number | undefined =>
    statSync(join(folder, '.partials', keyOf(path)), { throwIfNoEntry: false })?.size;

  const leases = async (path: string): Promise<number> => {
    const rows: unknown[] = await db().query('select from upload_lease where upload_id = $1', [
      idOf(path),
    ]);
    return rows.length;
  };

  const checksAskedFor = async (path: string): Promise<number> => {
    const rows: unknown[] = await db().query(
      `select from outbox_message where routing_key = 'gateway.check-upload.v1'
          and convert_from(body, 'UTF8')::json ->> 'uploadId' = $1`,
      [idOf(path)],
    );
    return rows.length;
  };

  /** As a killed process leaves it: bytes in the storage, a lease whose time is over, an older offset. */
  const died = async (path: string, isChecked: boolean): Promise<void> => {
    await db().query(
      `insert into upload_lease (upload_id, holder, expires_at, is_checked)
       values ($1, gen_random_uuid(), now() - interval '1 second', $2)`,
      [idOf(path), isChecked],
    );
  };
  const storedOnly = (path: string, bytes: string) =>
    app()
      .get(FileStore, { strict: false })
      .append(keyOf(path), Readable.from([bytes]), { offset: 0 });

  const finish = (path: string) => app().get(FileStore, { strict: false }).finish(keyOf(path));

  /** A PATCH whose bytes the test sends itself. */
  const send = async (path: string, headers: Record<string, string>): Promise<Socket> => {
    const socket = connect(Number(new URL(url()).port), '127.0.0.1');
    const lines = Object.entries({
      Host: 'x',
      Authorization: `Bearer ${bootstrapKey}`,
      ...tus,
      ...offsetStream,
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`PATCH ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    return socket;
  };

  return {
    ...gateway,
    ...tusRequests(as),
    fileOf,
    sizeOfPartial,
    leases,
    checksAskedFor,
    died,
    storedOnly,
    finish,
    send,
  };
}

export function idOf(path: string): string {
  return path.slice(-36);
}

export function keyOf(path: string): string {
  return `${defaultTenantId}/${idOf(path)}`;
}

/** Everything that is answered until the end of the connection, or the first part of it. */
export function textOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', (bytes) => resolve(bytes.toString()));
    socket.once('error', reject);
  });
}
