// Writes docs/cli.md from the commands' own help.
import { writeFileSync } from 'node:fs';
import { renderDocs } from '../dist/docs.js';

writeFileSync(new URL('../../../docs/cli.md', import.meta.url), renderDocs());
