export * from './channel.js';
export * from './encode.js';
export * from './names.js';
export * from './types.js';
