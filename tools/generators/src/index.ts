export type { Layout } from './layouts.js';
export { KINDS, type Kind, type ScaffoldOptions, scaffold } from './scaffold.js';
