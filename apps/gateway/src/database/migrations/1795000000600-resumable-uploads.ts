import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ResumableUploads1795000000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table upload_lease, upload_traffic');
    await runner.query('drop index import_upload');
    // Before, there was a row for a whole file only. What an import knows stays, and its file may be gone.
    await runner.query(
      `delete from upload where (state <> 'ready' or deleted_at is not null)
         and not exists (select from import where import.upload_id = upload.id)`,
    );
    await runner.query(`update upload set size = coalesce(size, 0), sha256 = coalesce(sha256, '')`);
    await runner.query(
      `alter table upload
         alter column size set not null, alter column sha256 set not null,
         drop column state, drop column kind, drop column received, drop column metadata,
         drop column concat, drop column parts, drop column detected_type, drop column scan_status,
         drop column scan_engine, drop column scan_signature, drop column scanned_at,
         drop column problem_code, drop column problem_detail, drop column expires_at,
         drop column asked_at, drop column deleted_at, drop column removed_at,
         drop column stays`,
    );
  }
}

const statements = [
  `alter table upload
     alter column size drop not null,
     alter column sha256 drop not null,
     add column state text not null default 'ready' check (state in
       ('receiving', 'received', 'scanning', 'ready', 'rejected', 'quarantined', 'expired')),
     add column kind text not null default 'whole' check (kind in ('whole', 'part', 'assembled')),
     -- Bytes that are stored for good; where a client goes on.
     add column received bigint not null default 0,
     -- The headers Upload-Metadata and Upload-Concat as they came: tus wants them told again.
     add column metadata text,
     add column concat text,
     -- Of an assembled one: the uploads it is put together from, in order.
     add column parts uuid[],
     add column detected_type text,
     add column scan_status text not null default 'off' check (scan_status in
       ('off', 'pending', 'clean', 'infected', 'not_scanned', 'too_large')),
     add column scan_engine text,
     add column scan_signature text,
     add column scanned_at timestamptz,
     add column problem_code text,
     add column problem_detail text,
     add column expires_at timestamptz,
     -- When its check was last asked for.
     add column asked_at timestamptz,
     -- For everybody it is not there any more; the row stays while an import speaks of it.
     add column deleted_at timestamptz,
     -- The storage keeps nothing of it any more.
     add column removed_at timestamptz,
     -- Nothing but what an import says of it is left, and that stays.
     add column stays boolean not null default false`,
  'update upload set received = size',
  `alter table upload
     alter column state drop default,
     add constraint upload_is_whole check (state in ('receiving', 'rejected', 'expired') or received = size)`,
  'create index import_upload on import (upload_id)',
  'create index upload_state on upload (tenant_id, state, id)',
  `create index upload_expiry on upload (expires_at) where deleted_at is null and removed_at is null`,
  `create index upload_stored on upload (tenant_id) include (size, received) where removed_at is null`,
  `create index upload_to_remove on upload (id)
     where removed_at is null and (deleted_at is not null or state in ('rejected', 'expired'))`,
  'create index upload_removed on upload (removed_at) where removed_at is not null and not stays',
  `create index upload_unchecked on upload (id)
     where removed_at is null and deleted_at is null
       and (state in ('received', 'scanning') or scan_status = 'not_scanned')`,
  `create index upload_parts on upload using gin (parts) where state in ('receiving', 'received', 'scanning')`,
  // Who writes to an upload at this moment. A row past its time belongs to a process that died: what
  // that one had written is counted by whoever comes next.
  `create table upload_lease (
     upload_id uuid primary key references upload on delete cascade,
     holder uuid not null,
     expires_at timestamptz not null,
     -- The bytes count only when their checksum fits, so what is there of them may be wrong.
     is_checked boolean not null,
     -- More than one: it was taken over from a process that died.
     takes int not null default 1,
     -- Another request waits for it.
     wanted_at timestamptz
   )`,
  // Bytes that have come, by day in UTC; kept only where there is a limit.
  `create table upload_traffic (
     tenant_id uuid not null,
     day date not null,
     bytes bigint not null,
     primary key (tenant_id, day)
   )`,
];
