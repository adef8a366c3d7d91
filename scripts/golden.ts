/**
 * Renders every fixture project into fixtures/projects/<name>/expected, or with `--check` says what differs.
 * Left out are the kernel and the test harness, which are copied byte for byte, and the files that an example brings.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import {
  createProject,
  type FixtureName,
  FIXTURES,
  inTemporaryProject,
  readFixture,
  readTree,
  REPOSITORY,
} from './fixture-projects.ts';

export function goldenDirectory(name: FixtureName): string {
  return join(REPOSITORY, 'fixtures/projects', name, 'expected');
}

/** The files that a golden consists of, as rendered now. */
export async function renderGolden(name: FixtureName): Promise<ReadonlyMap<string, string>> {
  const source = await readFixture(name);
  return inTemporaryProject(async (directory) => {
    await createProject(directory, source);
    const files = [...(await readTree(directory))];
    return new Map(
      files
        .filter(([path]) => !isCopied(path) && path !== 'hardened-mcp.yaml' && !Object.hasOwn(source.userFiles, path))
        .map(([path, text]) => [path, path === LOCK ? withoutCopied(text) : text]),
    );
  });
}

/** Directories of a project that are copied as they are → where they stand in this repository. */
export const COPIED = {
  'src/kernel': 'templates/kernel',
  'test/generated/harness': 'templates/project/test/generated/harness',
} as const;

const LOCK = '.hardened-mcp/lock.json';

function isCopied(path: string): boolean {
  return Object.keys(COPIED).some((directory) => path.startsWith(`${directory}/`));
}

/** Else every change to the kernel would show in every golden as a hash. */
function withoutCopied(lock: string): string {
  // The cast holds: this is the lock that was written a moment ago.
  const parsed = JSON.parse(lock) as { readonly files: Readonly<Record<string, unknown>> };
  const files = Object.fromEntries(Object.entries(parsed.files).filter(([path]) => !isCopied(path)));
  return `${JSON.stringify({ ...parsed, files }, undefined, 2)}\n`;
}

/** What differs between two trees: `missing: <path>`, `stale: <path>`, `unexpected: <path>`. */
export function differences(rendered: ReadonlyMap<string, string>, golden: ReadonlyMap<string, string>): string[] {
  const found = [...rendered].flatMap(([path, text]) => {
    if (!golden.has(path)) return [`missing: ${path}`];
    return golden.get(path) === text ? [] : [`stale: ${path}`];
  });
  const unexpected = [...golden.keys()].filter((path) => !rendered.has(path)).map((path) => `unexpected: ${path}`);
  return [...found, ...unexpected];
}

async function checkGoldens(): Promise<void> {
  for (const name of FIXTURES) {
    const found = differences(await renderGolden(name), await readTree(goldenDirectory(name)));
    for (const difference of found) console.error(`fixtures/projects/${name}/expected: ${difference}`);
    if (found.length > 0) process.exitCode = 1;
  }
  if (process.exitCode === 1) console.error('Look at the differences, then run: npm run golden');
}

async function writeGoldens(): Promise<void> {
  for (const name of FIXTURES) {
    const rendered = await renderGolden(name);
    const directory = goldenDirectory(name);
    await rm(directory, { recursive: true, force: true });
    for (const [path, text] of rendered) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    console.log(`${name}: ${rendered.size} files`);
  }
}

if (import.meta.main) await (process.argv.includes('--check') ? checkGoldens() : writeGoldens());
