import { bytes } from '../scratch.js';
import { scanLevels } from './levels.js';
import { counters, LEVELS } from './tables.js';
import { scanTaggedLevels } from './tagged-levels.js';

/*
 * The engine optimises a hot function for the branches that it has seen, and throws the result away at the first one that
 * it has not. A loop that is being optimised from within at that very moment can be left in the slow tier for good: level
 * loops ran three times slower in one process out of five. So every branch is shown to the engine before the first frame.
 */

const NUMBERS = [
  ...Array.from({ length: 9 }, (_, i) => '123456789'.slice(0, i + 1)),
  ...Array.from({ length: 9 }, (_, i) => `1234.${'123456789'.slice(0, i + 1)}`),
  '0',
  '1.0',
  '12.5',
  '123.5',
  '1234567.5',
  '',
  '-1.5',
  '1e-7',
  '1.',
  '.5',
  'x',
];

const PLAIN = '["1.5","2"]';
const LEVELS_OF_ALL_FORMS = [
  ...NUMBERS.flatMap((number) => [`["${number}","1"]`, `["1","${number}"]`, `[${number},1]`, `[1,${number}]`]),
  '["1","2","3",{"a":[1]}]',
  ' [ "1" , "2" ] ',
  '["1"]',
  '[]',
  '1',
];
const LEVEL_LISTS = LEVELS_OF_ALL_FORMS.map((level) => `[${PLAIN},${level},${PLAIN}]`);
const TAGGED = '["new",1.5,2]';
const TAGGED_LISTS = [...LEVELS_OF_ALL_FORMS.map((level) => level.replace('[', '["new",')), '["n\\u0065w",1,2]'].map(
  (level) => `[${TAGGED},${level},${TAGGED}]`,
);

/** Calls before the engine keeps track of what it sees. */
const CALLS_UNNOTICED = 40;

let trained = false;

/** Shows the level loop every branch it has, once per process. Leaves the scratch buffer as it was. */
export function train(): void {
  if (trained) return;
  trained = true;
  const longest = Math.max(...[...LEVEL_LISTS, ...TAGGED_LISTS].map((text) => text.length)) + 1;
  const kept = bytes.slice(0, longest);
  for (let call = 0; call < CALLS_UNNOTICED; call++) scan(scanLevels, `[${PLAIN}]`);
  for (const text of ['[]', ...LEVEL_LISTS]) scan(scanLevels, text);
  for (let call = 0; call < CALLS_UNNOTICED; call++) scan(scanTaggedLevels, `[${TAGGED}]`);
  for (const text of ['[]', ...TAGGED_LISTS]) scan(scanTaggedLevels, text);
  bytes.set(kept);
}

const out = new Int32Array(2);

function scan(scanner: typeof scanLevels, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  bytes[text.length] = 0;
  counters[LEVELS] = 0;
  scanner(0, out, 0);
}
