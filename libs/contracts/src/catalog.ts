import { CheckUpload, EventsStored } from './gateway/index.js';
import {
  ActionRefused,
  CreateDataset,
  DatasetChanged,
  DatasetDropped,
  DatasetRefused,
  DropDataset,
  ExtendDataset,
  ImportCanceled,
  ImportCompleted,
  ImportFailed,
  ImportHeld,
  ImportProgressed,
  ImportResumed,
  ImportReverted,
  ImportStarted,
  LoadChunk,
  ReportProgress,
  SplitFile,
  StartImport,
} from './ingest/index.js';
import type { Contract } from './message.js';
import { ReplayedMessageHandled, WorkerReported } from './messaging/index.js';
import { EmailDeferred, EmailFailed, EmailSent, SendEmail } from './notifier/index.js';

/** Every contract, once. What is not listed here is not on the road. */
export const catalog: readonly Contract[] = [
  StartImport,
  SplitFile,
  LoadChunk,
  ReportProgress,
  ImportStarted,
  ImportProgressed,
  ImportHeld,
  ImportResumed,
  ImportCompleted,
  ImportFailed,
  CreateDataset,
  ExtendDataset,
  DropDataset,
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
