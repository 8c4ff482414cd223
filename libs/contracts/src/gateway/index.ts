export * from './check-upload.command.js';
export * from './events-stored.hint.js';
