export { renderHtml } from './report/html.js';
export type { StressReport } from './report/report.js';
export { renderProgress, renderText } from './report/text.js';
export { runStress, type StressRun } from './run.js';
export type { Progress, StressOptions } from './types.js';
