export type { Console } from './console.js';
export { main, run } from './main.js';
