// Cuts the paths that the Gitea adapter uses out of Gitea's swagger file, with every definition they need. Usage: node
// scripts/excerpt-swagger.ts path/to/swagger.v1.json > test/contracts/gitea/swagger-excerpt.json then `npm run
// format`.
import { readFileSync } from 'node:fs';

/** What the contract test checks exchanges against. */
const USED: readonly (readonly [path: string, method: string])[] = [
  ['/repos/{owner}/{repo}/issues', 'get'],
  ['/repos/{owner}/{repo}/issues', 'post'],
  ['/repos/{owner}/{repo}/issues/{index}', 'get'],
  ['/repos/{owner}/{repo}/issues/{index}', 'patch'],
  ['/user', 'get'],
];

type Tree = { readonly [key: string]: unknown };

const asTree = (value: unknown): Tree => {
  if (typeof value !== 'object' || value === null) throw new Error('The swagger file has another shape than expected.');
  return value as Tree;
};

const refsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsIn(inner)));
};

const [, , file] = process.argv;
if (file === undefined) throw new Error('Name the swagger file: node scripts/excerpt-swagger.ts swagger.v1.json');
const whole = asTree(JSON.parse(readFileSync(file, 'utf8')));

const paths: { [path: string]: { [method: string]: unknown } } = {};
for (const [path, method] of USED) {
  const operation = asTree(asTree(whole['paths'])[path])[method];
  if (operation === undefined) throw new Error(`The swagger file has no ${method} ${path}.`);
  paths[path] = { ...paths[path], [method]: operation };
}

const kept = { definitions: {} as { [name: string]: unknown }, responses: {} as { [name: string]: unknown } };
const follow = (value: unknown): void => {
  for (const ref of refsIn(value)) {
    const [, section, name = ''] = ref.split('/');
    if (section !== 'definitions' && section !== 'responses') throw new Error(`${ref} leads to an unknown section.`);
    if (name in kept[section]) continue;
    const target = asTree(whole[section])[name];
    if (target === undefined) throw new Error(`${ref} leads nowhere.`);
    kept[section][name] = target;
    follow(target);
  }
};
follow(paths);

const { swagger, info, basePath } = whole;
process.stdout.write(`${JSON.stringify({ swagger, info, basePath, paths, ...kept }, null, 2)}\n`);
