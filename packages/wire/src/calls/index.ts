export * from './api-socket.js';
export * from './call-socket.js';
export * from './kept-socket.js';
