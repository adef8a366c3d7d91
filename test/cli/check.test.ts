import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { editFile, generatedProject, TOOL_FILE } from './project.ts';
import { runCli } from './run-cli.ts';

test('a project that is current is fine', async () => {
  const { exitCode, stdout } = await runCli(['check'], { cwd: await generatedProject() });
  expect(exitCode).toBe(0);
  expect(stdout).toBe('The generated files are what the manifest says.');
});

test('drift is a finding, with its kind, its diff and the command that repairs it', async () => {
  const cwd = await generatedProject();
  await editFile(cwd, 'hardened-mcp.yaml', 'how many customers', 'the number of customers');
  const { exitCode, stdout } = await runCli(['check'], { cwd });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^stale: /m);
  expect(stdout).toContain(TOOL_FILE);
  expect(stdout).toMatch(/^ *\+.*the number of customers/m);
  expect(stdout).toContain('Fix: npx hardened-mcp generate');
});

test('missing, edited, orphaned files and dependencies are told apart', async () => {
  const cwd = await generatedProject();
  await rm(join(cwd, TOOL_FILE));
  await editFile(cwd, 'AGENTS.md', '\n', '\nA note.\n');
  await writeFile(join(cwd, 'src/generated/tools/old.ts'), 'export {};\n');
  await editFile(cwd, 'package.json', '"@modelcontextprotocol/server": "2', '"@modelcontextprotocol/server": "1');
  const { exitCode, stdout } = await runCli(['check', '--json'], { cwd });
  expect(exitCode).toBe(1);
  const found = JSON.parse(stdout).findings.map(({ kind, path }: { kind: string; path: string }) => `${kind} ${path}`);
  expect(found).toEqual([
    'edited AGENTS.md',
    'dependency package.json',
    `missing ${TOOL_FILE}`,
    'orphaned src/generated/tools/old.ts',
  ]);

  const { stdout: text } = await runCli(['check'], { cwd });
  for (const kind of ['missing', 'edited', 'orphaned', 'dependency'])
    expect(text).toMatch(new RegExp(`^${kind}: `, 'm'));
  expect(text).toContain('npm install --save-exact @modelcontextprotocol/server@2');
});

test('what to do is said in the words of the package manager that runs it', async () => {
  const cwd = await generatedProject();
  await editFile(cwd, 'hardened-mcp.yaml', 'how many customers', 'the number of customers');
  await editFile(cwd, 'package.json', '"@modelcontextprotocol/server": "2', '"@modelcontextprotocol/server": "1');
  const { stdout } = await runCli(['check'], { cwd, env: { npm_config_user_agent: 'pnpm/10.2.0 npm/?' } });
  expect(stdout).toContain('Fix: pnpm exec hardened-mcp generate');
  expect(stdout).toContain('Fix: pnpm add --save-exact @modelcontextprotocol/server@2');
});

test('--format json is --json', async () => {
  const cwd = await generatedProject();
  const { stdout } = await runCli(['check', '--format', 'json'], { cwd });
  expect(JSON.parse(stdout)).toEqual({
    exitCode: 0,
    command: 'check',
    status: 'current',
    findings: [],
    diagnostics: [],
  });
});

test('--format github annotates each file', async () => {
  const cwd = await generatedProject();
  await rm(join(cwd, TOOL_FILE));
  const { exitCode, stdout } = await runCli(['check', '--format', 'github'], { cwd });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(new RegExp(`^::error file=${TOOL_FILE},title=missing::missing: ${TOOL_FILE}`));
  expect(stdout.split('\n')).toHaveLength(1);
});

test('an invalid manifest cannot be checked, and github shows where', async () => {
  const cwd = await generatedProject();
  await editFile(cwd, 'hardened-mcp.yaml', 'read-only', 'harmless');
  const { exitCode, stdout } = await runCli(['check', '--format', 'github'], { cwd });
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/^::error file=hardened-mcp\.yaml,line=6,/);
});

test('a check writes nothing and is quiet when asked', async () => {
  const cwd = await generatedProject();
  expect(await runCli(['check', '--quiet'], { cwd })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

test('--cwd and --manifest say where and what', async () => {
  const cwd = await generatedProject();
  const { exitCode } = await runCli(['check', '--cwd', cwd, '--manifest', 'hardened-mcp.yaml'], { cwd: '/' });
  expect(exitCode).toBe(0);
});
