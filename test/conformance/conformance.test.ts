import { expect, test } from 'vitest';

import { inTemporaryProject } from '../../scripts/fixture-projects.ts';
import { isOutOfScope, listScenarios, readExpectedFailures, REQUIRED, REVISIONS } from './scenarios.ts';
import { serveProject, writeProject } from './server.ts';
import { runSuite } from './suite.ts';

test.each(REVISIONS)(
  'a generated server does what %s requires of a server of tools',
  async (revision) => {
    await inTemporaryProject(async (directory) => {
      await writeProject(directory);
      const server = await serveProject(directory);
      try {
        const { exitCode, passed, output } = await runSuite(server.url, revision, directory);
        expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
        expect(passed.toSorted()).toEqual(REQUIRED[revision].toSorted());
      } finally {
        await server.stop();
      }
    });
  },
  60_000,
);

test('each scenario that the suite has for servers is required, expected to fail, or out of scope, and one of these', async () => {
  const listed = (await listScenarios()).filter((scenario) => !isOutOfScope(scenario));
  expect(listed.length).toBeGreaterThan(40);
  const accounted = new Set<string>();
  for (const revision of REVISIONS) {
    const said = [...REQUIRED[revision], ...(await readExpectedFailures(revision))];
    const applying = listed.filter(({ applies }) => applies.includes(revision)).map(({ name }) => name);
    expect({ revision, names: said.toSorted() }).toEqual({ revision, names: applying.toSorted() });
    for (const name of said) accounted.add(name);
  }
  expect(listed.filter(({ name }) => !accounted.has(name))).toEqual([]);
});
