/** A generated project in a temporary folder, whose own tests can be run and whose sources can be broken. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { readFixture, type FixtureName } from '../../scripts/fixture-projects.ts';
import { create } from '../../src/index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MODULES = join(ROOT, 'node_modules');

export interface Project {
  readonly path: string;
  remove(): Promise<void>;
}

/** Creates a fixture's project, its manifest changed as told, with this repository's packages installed; without files of yours. */
export async function createProject(fixture: FixtureName, change = (manifest: string) => manifest): Promise<Project> {
  const text = change((await readFixture(fixture)).manifest);
  return inTemporaryFolder(async (path) => {
    const result = await create({ cwd: path, manifest: { file: 'hardened-mcp.yaml', text } });
    if (result.status !== 'written') throw new Error(`The project was not written: ${JSON.stringify(result)}`);
  });
}

/** A copy of the project's sources, for a test that breaks them. */
export function copyProject(project: Project): Promise<Project> {
  return inTemporaryFolder((path) =>
    cp(project.path, path, { recursive: true, filter: (source) => !source.includes('node_modules') }),
  );
}

async function inTemporaryFolder(fill: (path: string) => Promise<void>): Promise<Project> {
  const path = await mkdtemp(join(tmpdir(), 'generated-project-'));
  await fill(path);
  await symlink(MODULES, join(path, 'node_modules'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Replaces one piece of a file. Throws where the file does not hold it exactly once. */
export async function breakFile(project: Project, change: Change): Promise<void> {
  const file = join(project.path, change.file);
  const source = await readFile(file, 'utf8');
  const [before, after, ...more] = source.split(change.from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${change.file} should hold this once: ${change.from}`);
  }
  await writeFile(file, before + change.to + after);
}

export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface TestRun {
  readonly passed: boolean;
  /** Titles of the tests that failed. */
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  readonly output: string;
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

export interface TestChoice {
  /** Part of a test file's path. */
  readonly file: string;
  /** Title of the test; plain words. */
  readonly title: string;
}

/** What the compiler says of the project: nothing where all is well. */
export async function compileProject(project: Project): Promise<string> {
  const { all } = await execa(join(MODULES, '.bin/tsc'), ['-p', project.path], { reject: false, all: true });
  return all;
}

/** Runs the project's own tests, or the one chosen. */
export async function runTests(
  project: Project,
  chosen?: TestChoice,
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<TestRun> {
  const reportFile = join(project.path, 'report.json');
  const filter = chosen === undefined ? [] : [chosen.file, '--testNamePattern', `^${chosen.title}$`];
  const run = await execa(
    process.execPath,
    [join(MODULES, 'vitest/vitest.mjs'), 'run', '--reporter=json', '--outputFile', reportFile, ...filter],
    { cwd: project.path, reject: false, all: true, env: { VITEST: undefined, NODE_ENV: undefined, ...variables } },
  );
  // vitest writes its report in this shape.
  const report = JSON.parse(await readFile(reportFile, 'utf8')) as Report;
  const assertions = report.testResults.flatMap((file) => file.assertionResults);
  const titled = (wanted: readonly string[]) =>
    assertions.filter(({ status }) => wanted.includes(status)).map(({ title }) => title);
  return {
    passed: run.exitCode === 0,
    failed: titled(['failed']),
    skipped: titled(['skipped', 'pending']),
    output: run.all,
  };
}
