/**
 * Which folder may import which: one row each. Everything not named is forbidden.
 * `core <- wire, book <- host, history <- apps`; plugins see core and wire; nothing imports a plugin by name.
 */
const LAYERS = [
  { from: 'packages/core', may: [] },
  { from: 'packages/files', may: [] },
  { from: 'packages/wire', may: ['packages/core'] },
  { from: 'packages/book', may: ['packages/core'] },
  { from: 'packages/host', may: ['packages/core', 'packages/wire', 'packages/book'] },
  { from: 'packages/history', may: ['packages/core', 'packages/files', 'packages/wire', 'packages/book'] },
  { from: 'packages/protocol', may: ['packages/core'] },
  { from: 'packages/client', may: ['packages/core', 'packages/protocol'] },
  { from: 'packages/simulator', may: ['packages/core'] },
  { from: 'packages/conformance', may: ['packages/core', 'packages/wire', 'packages/book', 'packages/simulator'] },
  { from: 'plugins/[^/]+', except: '^plugins/([^/]+/src/sim|persister-[^/]+)/', may: ['packages/core', 'packages/wire'] },
  { from: 'plugins/persister-[^/]+', may: ['packages/core', 'packages/files'] },
  { from: 'plugins/[^/]+/src/sim', may: ['packages/core', 'packages/simulator'] },
  { from: 'apps/dashboard', may: ['packages/core', 'packages/protocol', 'packages/client', 'packages/book'] },
  { from: 'apps/cli', may: ['packages/[^/]+', 'apps/[^/]+'] },
  { from: 'apps/(?!cli|dashboard)[^/]+', may: ['packages/[^/]+'] },
];

const OURS = '^(packages|plugins|apps|tools)/';
const TESTS = '(\\.spec\\.tsx?$|/test/|/dist/|vitest\\.config\\.ts$|vite\\.config\\.ts$)';

/** Own folder is always allowed; `$1` holds it because every `from` is wrapped in one group. */
const layerRule = ({ from, may, except }) => ({
  name: `${from} may import only ${may.join(', ') || 'itself'}`,
  severity: 'error',
  from: { path: `^(${from})/`, pathNot: [TESTS, except].filter(Boolean) },
  to: { path: OURS, pathNot: ['^$1/', ...may.map((folder) => `^${folder}/`)] },
});

const SPECIAL = [
  {
    name: 'a dialect reads the venue by itself: of the client side it may see types.ts only',
    severity: 'error',
    from: { path: '^(plugins/[^/]+)/src/sim/', pathNot: TESTS },
    to: { path: '^$1/src/', pathNot: ['^$1/src/sim/', '^$1/src/types\\.ts$'] },
  },
  {
    name: 'the client side never reads its dialect',
    severity: 'error',
    from: { path: '^(plugins/[^/]+)/src/', pathNot: ['^plugins/[^/]+/src/sim/', TESTS] },
    to: { path: '^$1/src/sim/' },
  },
  {
    name: 'no cycles',
    severity: 'error',
    from: { pathNot: TESTS },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
];

const dialectRow = LAYERS.find((row) => row.from === 'plugins/[^/]+/src/sim');
const layers = LAYERS.filter((row) => row !== dialectRow).map(layerRule);
// The dialect's own folder is src/sim, its plugin's types.ts is the one door; the special rule guards the rest of src.
layers.push({
  ...layerRule(dialectRow),
  to: { path: OURS, pathNot: ['^plugins/[^/]+/src/', ...dialectRow.may.map((folder) => `^${folder}/`)] },
});

module.exports = { forbidden: [...layers, ...SPECIAL] };
