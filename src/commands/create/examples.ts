/** The examples that ship with this package: one folder each, with a manifest and files that become the user's. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { ownPackage } from '../own-package.ts';

export interface Example {
  readonly name: string;
  /** The first line of its README.md. */
  readonly summary: string;
}

export interface ExampleFiles {
  /** The text of its `hardened-mcp.yaml`. */
  readonly manifest: string;
  /** Everything else but the README, by its path in a project, with forward slashes. */
  readonly userFiles: Readonly<Record<string, string>>;
}

const MANIFEST = 'hardened-mcp.yaml';
const README = 'README.md';

/** The smallest one first, then by name. */
export async function listExamples(): Promise<readonly Example[]> {
  const folders = (await readdir(examplesRoot(), { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const examples = await Promise.all(folders.map(async ({ name }) => ({ name, summary: await readSummary(name) })));
  return examples.sort((left, right) => rank(left).localeCompare(rank(right), 'en'));
}

export async function readExample(name: string): Promise<ExampleFiles> {
  const folder = join(examplesRoot(), name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== MANIFEST && path !== README)
    .sort();
  const userFiles = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const),
  );
  return { manifest: await readFile(join(folder, MANIFEST), 'utf8'), userFiles: Object.fromEntries(userFiles) };
}

function examplesRoot(): string {
  return join(ownPackage().root, 'templates', 'examples');
}

async function readSummary(name: string): Promise<string> {
  const readme = await readFile(join(examplesRoot(), name, README), 'utf8');
  return readme.split('\n', 1)[0]?.replace(/^#\s*/, '') ?? '';
}

function rank({ name }: Example): string {
  return name === 'minimal' ? '' : name;
}
