export * from './check-folder.js';
export * from './plugins.js';
export * from './report-text.js';
