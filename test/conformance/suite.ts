/** Runs the official conformance suite against a server. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { REPOSITORY } from '../../scripts/fixture-projects.ts';
import { expectedFailuresFile, type Revision } from './scenarios.ts';

export interface SuiteRun {
  /** 0 where what fails of what is scored is what was expected to fail. */
  readonly exitCode: number | undefined;
  /** Names of the scenarios of which something was checked and nothing failed or was warned about, scored or not. */
  readonly passed: readonly string[];
  readonly output: string;
}

/** Everything that a revision requires, and what is not scored; known failures stand in the file beside. `results`: a folder. */
export async function runSuite(url: string, revision: Revision, results: string): Promise<SuiteRun> {
  const known = fileURLToPath(expectedFailuresFile(revision));
  const folder = join(results, revision);
  const options = ['--requirements', revision, '--expected-failures', known, '--output-dir', folder];
  const run = await execa('conformance', ['server', '--url', url, ...options], {
    preferLocal: true,
    localDir: REPOSITORY,
    reject: false,
    all: true,
  });
  return { exitCode: run.exitCode, passed: await readPassed(folder), output: run.all };
}

async function readPassed(folder: string): Promise<readonly string[]> {
  const passed: string[] = [];
  for (const entry of await readdir(folder)) {
    const [, name = entry] = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(entry) ?? [];
    // The suite writes them so.
    const checks = JSON.parse(await readFile(join(folder, entry, 'checks.json'), 'utf8')) as { status: string }[];
    const found = new Set(checks.map(({ status }) => status));
    if (found.has('SUCCESS') && !found.has('FAILURE') && !found.has('WARNING')) passed.push(name);
  }
  return passed;
}
