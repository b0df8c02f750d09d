export * from './persister.js';
