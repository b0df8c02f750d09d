import { type Command, InvalidArgumentError } from 'commander';

/** Adds the options that say where venues are: live unless told otherwise. */
export function reachOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: speed.yaml, speed.yml or speed.json here, if there is one)')
    .option('--environment <name>', 'live, testnet or demo, where the venue has them')
    .option('--origin <url>', 'a simulator, e.g. http://127.0.0.1:4000 as "speed sim" prints it');
}

/** `a,b,c` */
export const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

/** Collects an option that may be given several times. */
export const repeated = (text: string, all: readonly string[] = []): string[] => [...all, text];

/** A whole number of at least `least`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
    throw new InvalidArgumentError(`expected a whole number, ${range}`);
  };
}

/** Seeds are whole numbers below this. */
export const MAX_SEED = 2 ** 31;
export const seed = integer(0, MAX_SEED - 1);

export const port = integer(0, 65_535);
