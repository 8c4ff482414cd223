import { EventsStored } from './gateway/index.js';
import {
  CancelImport,
  ConfirmImport,
  CreateDataset,
  DatasetChanged,
  DatasetDropped,
  DatasetRefused,
  DropDataset,
  ExtendDataset,
  FixRows,
  ImportCompleted,
  ImportFailed,
  ImportProgressed,
  ImportStarted,
  LoadChunk,
  MergeRows,
  PrepareFile,
  ReportProgress,
  RestoreDataset,
  RetryImport,
  RevertImport,
  RevertRows,
  SplitFile,
  StartImport,
} from './ingest/index.js';
import type { Contract } from './message.js';
import { ReplayedMessageHandled, WorkerReported } from './messaging/index.js';
import { EmailDeferred, EmailFailed, EmailSent, SendEmail } from './notifier/index.js';

/** Every contract, once. What is not listed here is not on the road. */
export const catalog: readonly Contract[] = [
  StartImport,
  PrepareFile,
  SplitFile,
  LoadChunk,
  ReportProgress,
  MergeRows,
  ConfirmImport,
  CancelImport,
  RetryImport,
  FixRows,
  RevertImport,
  RevertRows,
  ImportStarted,
  ImportProgressed,
  ImportCompleted,
  ImportFailed,
  CreateDataset,
  ExtendDataset,
  DropDataset,
  RestoreDataset,
  DatasetChanged,
  DatasetRefused,
  DatasetDropped,
  SendEmail,
  EmailSent,
  EmailDeferred,
  EmailFailed,
  EventsStored,
  ReplayedMessageHandled,
  WorkerReported,
];

/** The contract of a message type; undefined for a type that nobody has promised. */
export function findContract(type: string): Contract | undefined {
  return byType.get(type);
}

const byType = new Map(catalog.map((contract) => [contract.type, contract]));
