/** The fixture projects: the shipped examples, and those that only tests need. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readExample } from '../src/commands/create/examples.ts';
import { create } from '../src/index.ts';

/** Those whose manifest stands in `fixtures/projects/`. */
const OWN = ['hostile', 'recovery', 'conformance'] as const;
export const FIXTURES = ['minimal', 'billing', 'retail', ...OWN] as const;
export type FixtureName = (typeof FIXTURES)[number];

/** A manifest and the files of yours that go with it. */
export interface FixtureSource {
  readonly manifest: string;
  /** By their path in a project, with forward slashes. */
  readonly userFiles: Readonly<Record<string, string>>;
}

export const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

const MANIFEST = 'hardened-mcp.yaml';

export async function readFixture(name: FixtureName): Promise<FixtureSource> {
  if (!isOwn(name)) return readExample(name);
  const folder = join(REPOSITORY, 'fixtures/projects', name);
  const sources = existsSync(join(folder, 'src')) ? [...(await readTree(join(folder, 'src')))] : [];
  const userFiles = Object.fromEntries(sources.map(([path, text]) => [`src/${path}`, text]));
  return { manifest: await readFile(join(folder, MANIFEST), 'utf8'), userFiles };
}

function isOwn(name: FixtureName): name is (typeof OWN)[number] {
  return OWN.some((own) => own === name);
}

/** Writes a whole project to a directory; throws where the manifest is refused, with the diagnostics. */
export async function createProject(cwd: string, { manifest, userFiles }: FixtureSource): Promise<void> {
  const result = await create({ cwd, manifest: { file: MANIFEST, text: manifest }, userFiles });
  if (result.status !== 'written') {
    throw new Error(`the project was not written: ${JSON.stringify(result.diagnostics, undefined, 2)}`);
  }
}

/** A temporary directory whose packages are this repository's; gone after `work`. */
export async function inTemporaryProject<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'hardened-mcp-'));
  try {
    await symlink(join(REPOSITORY, 'node_modules'), join(directory, 'node_modules'));
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Every file below a directory as text, by its path with forward slashes, sorted; without `node_modules`. */
export async function readTree(directory: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const files = paths.map(async (path) => [path, await readFile(join(directory, path), 'utf8')] as const);
  return new Map(await Promise.all(files));
}
