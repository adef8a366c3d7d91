/** Runs the official conformance suite against a server. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { REPOSITORY } from '../../scripts/fixture-projects.ts';

export interface SuiteRun {
  /** 0 where what fails is what was expected to fail. */
  readonly exitCode: number | undefined;
  /** The scenarios that the revision requires, and those that passed: names without what failed in them. */
  readonly passed: readonly string[];
  readonly output: string;
}

/** Everything that a revision requires, and what is not scored; known failures stand in the file beside. `results`: a folder. */
export async function runSuite(url: string, revision: string, results: string): Promise<SuiteRun> {
  const known = fileURLToPath(new URL(`expected-failures-${revision}.yaml`, import.meta.url));
  const options = ['--requirements', revision, '--expected-failures', known, '--output-dir', join(results, revision)];
  const run = await execa('conformance', ['server', '--url', url, ...options], {
    preferLocal: true,
    localDir: REPOSITORY,
    reject: false,
    all: true,
  });
  const passed = [...run.all.matchAll(/^✓ (\S+): [1-9]\d* passed, 0 failed$/gm)].map(([, name = '']) => name);
  return { exitCode: run.exitCode, passed, output: run.all };
}
