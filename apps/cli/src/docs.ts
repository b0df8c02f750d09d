import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { createProgram } from './program.js';

const WIDTH = 110;

const INTRO = `# The \`speed\` command

Made from the commands' own \`--help\` by \`npm run docs -w apps/cli\`; a test fails when the two differ.

Exit codes: 0 done, 1 failed, 2 bad usage. Results go to standard output, everything else to standard error. Errors are one
paragraph that says what is wrong and what to do; \`speed --debug ...\` adds the stack. Ctrl-C stops what runs; a second one,
a second later, stops it without waiting.

In the repository the command is \`node apps/cli/bin/speed.mjs\` (or \`npx speed\`) after \`npm run build\`.
`;

/** `docs/cli.md`: what every command says of itself. */
export function renderDocs(): string {
  const nowhere = new PassThrough();
  const program = createProgram({ stdin: nowhere, stdout: nowhere, stderr: nowhere, signal: new AbortController().signal });
  const pages = [program, ...descendants(program)].map(page);
  return [INTRO, ...pages].join('\n');
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

function page(command: Command): string {
  command.configureHelp({ helpWidth: WIDTH });
  let text = '';
  command.configureOutput({ writeOut: (piece) => (text += piece), getOutHelpWidth: () => WIDTH });
  command.outputHelp();
  return `## ${nameOf(command)}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;
}

/** `speed symbols map` */
function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}
