export * from './events-stored.hint.js';
