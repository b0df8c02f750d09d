#!/usr/bin/env node
// The command runs from the build output; this file only finds it, or says how to make it.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('speed: not built yet. Run `npm run build` in the repository, then try again.');
  process.exit(1);
}
const { main: run } = await import(main.href);
process.exitCode = await run(process.argv.slice(2));
// A command that is done but left something open must not hang its caller.
setTimeout(() => process.exit(), 2000).unref();
