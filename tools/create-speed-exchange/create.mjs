#!/usr/bin/env node
// `npm create speed-exchange NAME [FOLDER]`: a new exchange plugin in a package of its own.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { scaffold } from '@speed-protocol/generators';

const USAGE =
  'Usage: npm create speed-exchange NAME [FOLDER]\n\nNAME is the exchange as ccxt calls it, e.g. okx; FOLDER is speed-exchange-NAME by default.';

const [name, given] = process.argv.slice(2);
if (name === undefined || name.startsWith('-')) {
  console.log(USAGE);
  process.exit(name === '--help' || name === '-h' ? 0 : 2);
}
const folder = path.resolve(given ?? `speed-exchange-${name}`);
if (existsSync(folder)) fail(`${folder} exists already: remove it first, or name another folder`);
try {
  for (const [file, text] of scaffold({ kind: 'exchange', name, layout: 'standalone' })) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  fail(error.message);
}
console.log(
  `${folder}: every room is there.\n\n  cd ${path.relative('.', folder)} && npm install\n  npx vitest run                # what is left to do\n  npx speed conform .           # after npm run build: which rooms hold`,
);

function fail(message) {
  console.error(`create-speed-exchange: ${message}`);
  process.exit(2);
}
