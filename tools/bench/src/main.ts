import { nearest } from '@speed-protocol/core';

/** Each bench is a file of its own, loaded only when asked for. @returns exit code */
const BENCHES: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  decode: async (argv) => (await import('./decode/command.js')).decodeCommand(argv),
  fanout: async (argv) => (await import('./fanout/command.js')).fanoutCommand(argv),
  record: async (argv) => (await import('./record/command.js')).recordCommand(argv),
  orders: async (argv) => (await import('./orders/command.js')).ordersCommand(argv),
  import: async (argv) => {
    const { describeImport, importBench } = await import('./import.js');
    const report = await importBench();
    if (!argv.includes('--json')) console.log(`${describeImport(report)}\n`);
    console.log(JSON.stringify(report));
    return 0;
  },
};

async function main([name = '', ...argv]: readonly string[]): Promise<number> {
  const bench = BENCHES[name];
  if (bench && !argv.includes('--help')) return bench(argv);
  if (name === 'decode') {
    console.log((await import('./decode/command.js')).DECODE_USAGE);
    return 0;
  }
  const names = Object.keys(BENCHES);
  const hint = name === '' ? '' : `no bench "${name}"; did you mean "${nearest(name, names) ?? names[0]}"?\n`;
  console.error(`${hint}usage: npm run bench -- ${names.join('|')} [--json]`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
