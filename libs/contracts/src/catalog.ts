import { CheckUpload, EventsStored } from './gateway/index.js';
import {
  ActionRefused,
  CancelImport,
  ConfirmImport,
  CreateDataset,
  DatasetChanged,
  DatasetDropped,
  DatasetRefused,
  DropDataset,
  ExtendDataset,
  FixRows,
  ImportCanceled,
  ImportCompleted,
  ImportFailed,
  ImportHeld,
  ImportProgressed,
  ImportResumed,
  ImportReverted,
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
  MergeRows,
  ReportProgress,
  ConfirmImport,
  CancelImport,
  RetryImport,
  FixRows,
  RevertImport,
  RevertRows,
  CreateDataset,
  ExtendDataset,
  RestoreDataset,
  DropDataset,
  ImportStarted,
  ImportProgressed,
  ImportHeld,
  ImportResumed,
  ImportCompleted,
  ImportFailed,
  ImportCanceled,
  ImportReverted,
  ActionRefused,
  DatasetChanged,
  DatasetRefused,
  DatasetDropped,
  SendEmail,
  EmailSent,
  EmailDeferred,
  EmailFailed,
  CheckUpload,
  EventsStored,
  ReplayedMessageHandled,
  WorkerReported,
];

/** The contract of a message type; undefined for a type that nobody has promised. */
export function findContract(type: string): Contract | undefined {
  return byType.get(type);
}

const byType = new Map(catalog.map((contract) => [contract.type, contract]));
