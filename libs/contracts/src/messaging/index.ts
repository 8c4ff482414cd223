export * from './replayed-message-handled.event.js';
export * from './worker-reported.hint.js';
