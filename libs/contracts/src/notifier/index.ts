export * from './email-deferred.event.js';
export * from './email-failed.event.js';
export * from './email-messages.js';
export * from './email-sent.event.js';
export * from './send-email.command.js';
