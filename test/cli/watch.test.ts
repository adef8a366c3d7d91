import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';

import { editFile, generatedProject, MANIFEST, TOOL_FILE } from './project.ts';
import { CLI } from './run-cli.ts';

test('--watch follows the manifest, through an invalid one too, and ends with 130', async () => {
  const cwd = await generatedProject();
  const watch = execa(process.execPath, [CLI, 'generate', '--watch'], {
    cwd,
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  onTestFinished(() => void watch.kill('SIGKILL'));
  let shown = '';
  watch.all.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const shows = async (text: string) => {
    await expect.poll(() => shown, { timeout: 20_000 }).toContain(text);
    await expect.poll(() => shown.slice(shown.indexOf(text)), { timeout: 20_000 }).toContain('Waiting');
    shown = '';
  };

  await shows('Nothing to change.');
  await editFile(cwd, 'hardened-mcp.yaml', 'how many customers', 'the number of customers');
  await shows(`replace  ${TOOL_FILE}`);
  expect(await readFile(join(cwd, TOOL_FILE), 'utf8')).toContain('the number of customers');

  await editFile(cwd, 'hardened-mcp.yaml', 'read-only', 'harmless');
  await shows('error[');
  await writeFile(join(cwd, 'hardened-mcp.yaml'), MANIFEST);
  await shows(`replace  ${TOOL_FILE}`);
  expect(await readFile(join(cwd, TOOL_FILE), 'utf8')).toContain('how many customers');

  watch.kill('SIGINT');
  expect((await watch).exitCode).toBe(130);
});
