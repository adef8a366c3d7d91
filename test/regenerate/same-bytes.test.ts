import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { expect, test } from 'vitest';

import { makeDirectory, readTree, useManifest } from './project.ts';

const SCRIPT = fileURLToPath(new URL('die-while-writing.ts', import.meta.url));

test('the same manifest gives the same bytes, whatever the directory, the locale and the time zone', async () => {
  const environments = [
    { TZ: 'UTC', LC_ALL: 'C' },
    { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
  ];
  const trees = await Promise.all(
    environments.map(async (env) => {
      const root = await makeDirectory();
      await useManifest(root, 'after');
      await execa(process.execPath, [SCRIPT, root], { env, cwd: root });
      return readTree(root);
    }),
  );
  expect(trees[1]).toEqual(trees[0]);
});
