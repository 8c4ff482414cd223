export * from './events-stored.event.js';
