import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { readDisk } from '../../src/output/disk.ts';

test('nothing is read that lies behind a link out of the project', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'disk-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, 'outside'));
  await writeFile(join(directory, 'outside', 'secret.txt'), 'mine');
  await mkdir(join(directory, 'project', 'src'), { recursive: true });
  await symlink(join(directory, 'outside'), join(directory, 'project', 'src', 'generated'));
  expect([...(await readDisk(join(directory, 'project'), [])).keys()]).toEqual([]);
});
