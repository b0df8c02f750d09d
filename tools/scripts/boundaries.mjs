// Checks who imports whom (tools/boundaries/rules.cjs), then proves that the check can fail:
// each fixture holds one forbidden import and names the rule that must catch it.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';

const root = path.resolve(import.meta.dirname, '../..');
process.chdir(root);
const { forbidden } = createRequire(import.meta.url)('../boundaries/rules.cjs');

const OPTIONS = {
  ruleSet: { forbidden },
  validate: true,
  exclude: { path: '(^|/)(node_modules|dist|fixtures)/' },
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
  tsConfig: { fileName: 'tsconfig.base.json' },
  combinedDependencies: true,
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['@speed/source', 'import', 'default'],
    extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
  },
};

async function violationsIn(folders) {
  const { output } = await cruise(folders, OPTIONS, undefined, { tsConfig: undefined });
  return output.summary.violations;
}

const describe = (violation) => `${violation.from} -> ${violation.to}\n    ${violation.rule.name}`;

const violations = await violationsIn(['packages', 'plugins', 'apps', 'tools']);
for (const violation of violations) console.error(`forbidden import: ${describe(violation)}`);

const CASES = JSON.parse(await readFile('tools/boundaries/fixtures/cases.json', 'utf8'));
let blind = 0;
for (const { place, file, rule } of CASES) {
  const folder = await mkdtemp(path.join(root, place, 'boundary-check-'));
  try {
    await cp(path.join('tools/boundaries/fixtures', file), path.join(folder, file.replace('.txt', '')));
    const caught = await violationsIn([path.relative(root, folder)]);
    if (caught.some((violation) => violation.rule.name.includes(rule))) continue;
    console.error(`the boundary check is blind: ${file} in ${place} was not caught by "${rule}"`);
    blind++;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

console.log(`boundaries: ${violations.length} forbidden imports, ${CASES.length - blind} of ${CASES.length} planted ones caught`);
process.exit(violations.length || blind ? 1 : 0);
