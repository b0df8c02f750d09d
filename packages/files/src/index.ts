export { blocking } from './blocking.js';
export type { FileCalls, OpenFile } from './calls.js';
export { makeFolders, syncFolder } from './folders.js';
export { pooled } from './pooled.js';
