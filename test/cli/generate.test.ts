import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { editFile, generatedProject, TOOL_FILE } from './project.ts';
import { emptyDirectory, runCli } from './run-cli.ts';

test('generate says which files changed and how many did not', async () => {
  const cwd = await generatedProject();
  await editFile(cwd, 'hardened-mcp.yaml', 'how many customers', 'the number of customers');
  const { exitCode, stdout, stderr } = await runCli(['generate'], { cwd });
  expect(exitCode).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).toContain(`replace  ${TOOL_FILE}`);
  expect(stdout).toMatch(/^\d+ files: \d+ replaced, \d+ unchanged\.$/m);
  expect(await readFile(join(cwd, TOOL_FILE), 'utf8')).toContain('the number of customers');
});

test('--dry-run says what would change, and changes nothing', async () => {
  const cwd = await generatedProject();
  await editFile(cwd, 'hardened-mcp.yaml', 'how many customers', 'the number of customers');
  const { exitCode, stdout } = await runCli(['generate', '--dry-run'], { cwd });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/\d+ to replace/);
  expect(await readFile(join(cwd, TOOL_FILE), 'utf8')).toContain('how many customers');
});

test('a new tool names the handler to write, a removed one the handler that stays', async () => {
  const cwd = await generatedProject();
  await editFile(cwd, 'hardened-mcp.yaml', 'name: count_customers', 'name: list_customers');
  const { stdout } = await runCli(['generate'], { cwd });
  expect(stdout).toMatch(/Yours to write:\n {2}src\/tools\/list_customers\.ts/);
  expect(stdout).toMatch(/Yours to delete; their tools are gone:\n {2}src\/tools\/count_customers\.ts/);
  expect(stdout).toContain(`delete   ${TOOL_FILE}`);
});

test('generate names the upstreams that may lead into a private network, as SECURITY.md does', async () => {
  const cwd = await generatedProject();
  const upstreams = `upstreams:
  outer: { baseUrl: https://api.example, allowedHosts: [api.example] }
  inner: { baseUrl: https://crm.corp.example, allowedHosts: [crm.corp.example], addresses: private }
  local: { baseUrl: { env: LOCAL_URL }, allowedHosts: [localhost:8080] }
tools:`;
  await editFile(cwd, 'hardened-mcp.yaml', 'tools:', upstreams);
  const { stdout } = await runCli(['generate'], { cwd });
  expect(stdout).toMatch(/May lead into a private network, as the manifest says:\n {2}inner$/m);
  const security = await readFile(join(cwd, 'SECURITY.md'), 'utf8');
  expect(security).toContain('| outer | api.example | public | none |');
  expect(security).toContain('| inner | crm.corp.example | **public and private** | none |');
  expect(security).toContain('| local | localhost:8080 | public, or this machine | none |');
});

test('an edited file stops generate with a diff, until --force', async () => {
  const cwd = await generatedProject();
  await editFile(cwd, TOOL_FILE, 'how many customers', 'about how many customers');
  const { exitCode, stdout, stderr } = await runCli(['generate'], { cwd });
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('error[file-edited]');
  expect(stderr).toMatch(/^-.*about how many customers/m);
  expect(stderr).toContain('hardened-mcp generate --force');
  expect(await readFile(join(cwd, TOOL_FILE), 'utf8')).toContain('about how many customers');

  expect((await runCli(['generate', '--force'], { cwd })).exitCode).toBe(0);
  expect(await readFile(join(cwd, TOOL_FILE), 'utf8')).not.toContain('about how many customers');
});

test('a refusal under --json is one document with the diffs', async () => {
  const cwd = await generatedProject();
  await editFile(cwd, TOOL_FILE, 'how many customers', 'about how many customers');
  const { exitCode, stdout } = await runCli(['generate', '--json'], { cwd });
  expect(exitCode).toBe(2);
  const { status, changes } = JSON.parse(stdout);
  expect(status).toBe('refused');
  expect(changes).toContainEqual({
    kind: 'edited',
    path: TOOL_FILE,
    owner: 'generated',
    diff: expect.stringContaining('about'),
  });
});

test('an invalid manifest is shown with its line, and nothing is written', async () => {
  const cwd = await generatedProject();
  await editFile(cwd, 'hardened-mcp.yaml', 'mutability: read-only', 'mutabilty: read-only');
  const { exitCode, stdout, stderr } = await runCli(['generate'], { cwd });
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('at hardened-mcp.yaml:6:');
  expect(stderr).toContain('Did you mean "mutability"?');
});

test('without a manifest there is nothing to generate from', async () => {
  const { exitCode, stderr } = await runCli(['generate'], { cwd: await emptyDirectory() });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('error[manifest-not-found]');
});

test('--quiet says nothing when all went well', async () => {
  const cwd = await generatedProject();
  expect(await runCli(['generate', '--quiet'], { cwd })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

test('--watch and --json contradict each other', async () => {
  const { exitCode, stderr } = await runCli(['generate', '--watch', '--json'], { cwd: await generatedProject() });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--watch');
});
