export { describeHandler, type ComplianceOptions } from './describe-handler.js';
export { eventually } from './eventually.js';
export {
  arrival,
  contractOf,
  type DeliverOptions,
  handlerHarness,
  type HarnessOptions,
  testTenant,
} from './handler-harness.js';
export {
  freshS3Url,
  management,
  managementUrl,
  workerDatabase,
  workerVhost,
} from './test-servers.js';
export {
  handlerFor,
  Note,
  Noted,
  ownDatabase,
  probeContext,
  probeDatabase,
  roadHarness,
  settled,
  shortTiersMs,
  Whispered,
} from './road-harness.js';
