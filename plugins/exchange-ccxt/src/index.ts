export { default } from './manifest.js';
