import { appendFile, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { check, create, generate, type GenerateResult } from '../../src/index.ts';
import { makeDirectory, makeProject, readManifest, readTree, useManifest } from './project.ts';

const SERVER = 'src/generated/server.ts';

function changed(result: GenerateResult): Record<string, string> {
  if (result.status === 'invalid') throw new Error(JSON.stringify(result.diagnostics));
  const changes = result.changes.filter(({ kind }) => kind !== 'unchanged' && kind !== 'kept');
  return Object.fromEntries(changes.map(({ path, kind }) => [path, kind]));
}

test('a project is current right after it was generated, and generating again changes nothing', async () => {
  const root = await makeProject();
  const before = await readTree(root);
  expect(await check({ cwd: root })).toMatchObject({ status: 'current', findings: [] });
  expect(changed(await generate({ cwd: root }))).toEqual({});
  expect(await readTree(root)).toEqual(before);
});

test('your files are byte-identical after the manifest changed', async () => {
  const root = await makeProject();
  const yours = ['src/index.ts', 'src/tools/get_note.ts', 'src/tools/drop_note.ts', 'package.json', 'README.md'];
  for (const path of yours) await appendFile(join(root, path), '\r\nmine \t');
  const before = await readTree(root);
  await useManifest(root, 'after');
  expect(await generate({ cwd: root })).toMatchObject({ status: 'written' });
  const after = await readTree(root);
  for (const path of yours) expect(after[path]).toBe(before[path]);
});

test('a new tool gets a stub, and a removed tool loses its generated files but not its handler', async () => {
  const root = await makeProject();
  await useManifest(root, 'after');
  const result = await generate({ cwd: root });
  expect(changed(result)).toMatchObject({
    'src/tools/find_notes.ts': 'create',
    'test/tools/find_notes.test.ts': 'create',
    'src/generated/tools/find_notes.ts': 'create',
    'src/generated/tools/get_note.ts': 'replace',
    'src/generated/tools/drop_note.ts': 'delete',
    'src/tools/drop_note.ts': 'kept-handler',
  });
  expect(result).toMatchObject({
    notes: {
      newHandlers: ['src/tools/find_notes.ts'],
      keptHandlers: ['src/tools/drop_note.ts', 'test/tools/drop_note.test.ts'],
    },
  });
  const tree = await readTree(root);
  expect(Object.keys(tree).filter((path) => path.includes('drop_note'))).toEqual([
    'src/tools/drop_note.ts',
    'test/tools/drop_note.test.ts',
  ]);
  expect(await check({ cwd: root })).toMatchObject({ status: 'current' });
});

test('the lock shows what changed in a tool', async () => {
  const root = await makeProject();
  await useManifest(root, 'after');
  await generate({ cwd: root });
  const lock = JSON.parse(await readFile(join(root, '.hardened-mcp/lock.json'), 'utf8'));
  expect(lock.tools.get_note).toMatchObject({ inputSchema: { properties: { id: { minLength: 2 } } } });
  expect(Object.keys(lock.tools)).toEqual(['find_notes', 'get_note']);
});

test('a generated file that was edited stops everything, with a diff', async () => {
  const root = await makeProject();
  await useManifest(root, 'after');
  await appendFile(join(root, SERVER), '// mine\n');
  const before = await readTree(root);
  const result = await generate({ cwd: root });
  expect(result).toMatchObject({ status: 'refused', diagnostics: [{ code: 'file-edited', args: { path: SERVER } }] });
  expect(result).toHaveProperty(
    'changes',
    expect.arrayContaining([
      expect.objectContaining({ path: SERVER, kind: 'edited', diff: expect.stringContaining('-// mine') }),
    ]),
  );
  expect(await readTree(root)).toEqual(before);
});

test('with force, an edited file is overwritten', async () => {
  const root = await makeProject();
  const before = await readTree(root);
  await appendFile(join(root, SERVER), '// mine\n');
  expect(changed(await generate({ cwd: root, force: true }))).toEqual({ [SERVER]: 'replace' });
  expect(await readTree(root)).toEqual(before);
});

test('a dry run says the same and writes nothing', async () => {
  const root = await makeProject();
  await useManifest(root, 'after');
  const before = await readTree(root);
  const planned = await generate({ cwd: root, dryRun: true });
  expect(planned).toMatchObject({ status: 'planned' });
  expect(await readTree(root)).toEqual(before);
  expect(changed(await generate({ cwd: root }))).toEqual(changed(planned));
});

test('an invalid manifest changes nothing', async () => {
  const root = await makeProject();
  await appendFile(join(root, 'hardened-mcp.yaml'), 'nonsense: true\n');
  const before = await readTree(root);
  expect(await generate({ cwd: root })).toMatchObject({ status: 'invalid' });
  expect(await check({ cwd: root })).toMatchObject({ status: 'invalid' });
  expect(await readTree(root)).toEqual(before);
});

test('check tells missing, stale, edited and orphaned files apart, and writes nothing', async () => {
  const root = await makeProject();
  await useManifest(root, 'after');
  await appendFile(join(root, SERVER), '// mine\n');
  await rm(join(root, 'AGENTS.md'));
  await writeFile(join(root, 'src/generated/stray.ts'), '');
  const before = await readTree(root);
  const result = await check({ cwd: root });
  expect(result.status).toBe('drifted');
  const findings = 'findings' in result ? result.findings : [];
  expect(Object.fromEntries(findings.map(({ path, kind }) => [path, kind]))).toMatchObject({
    'AGENTS.md': 'missing',
    'src/tools/find_notes.ts': 'missing',
    'src/generated/tools/get_note.ts': 'stale',
    'src/generated/tools/drop_note.ts': 'orphaned',
    'src/generated/stray.ts': 'orphaned',
    [SERVER]: 'edited',
    '.hardened-mcp/lock.json': 'stale',
  });
  expect(findings.find(({ path }) => path === 'src/generated/tools/get_note.ts')).toHaveProperty(
    'diff',
    expect.stringMatching(/^-.*minLength: 1[\s\S]*^\+.*minLength: 2/m),
  );
  expect(await readTree(root)).toEqual(before);
});

test('check names a package that the kernel needs and package.json lacks', async () => {
  const root = await makeProject();
  const path = join(root, 'package.json');
  await writeFile(
    path,
    (await readFile(path, 'utf8')).replace('"@modelcontextprotocol/server": "2.4.0"', '"x": "1.0.0"'),
  );
  expect(await check({ cwd: root })).toMatchObject({
    status: 'drifted',
    findings: [{ kind: 'dependency', name: '@modelcontextprotocol/server', needed: '2.4.0' }],
  });
});

test('a lock with merge conflicts stops generate and is a finding of check; force rebuilds it', async () => {
  const root = await makeProject();
  const before = await readTree(root);
  await writeFile(join(root, '.hardened-mcp/lock.json'), '<<<<<<< HEAD\n');
  expect(await generate({ cwd: root })).toMatchObject({
    status: 'refused',
    diagnostics: [{ code: 'lock-unreadable' }],
  });
  expect(await check({ cwd: root })).toMatchObject({ status: 'drifted', diagnostics: [{ code: 'lock-unreadable' }] });
  expect(await generate({ cwd: root, force: true })).toMatchObject({ status: 'written' });
  expect(await readTree(root)).toEqual(before);
});

test('files of yours that you removed stay removed, but for a handler, which the project needs', async () => {
  const root = await makeProject();
  await rm(join(root, '.mcp.json'));
  await rm(join(root, 'src/tools/get_note.ts'));
  expect(changed(await generate({ cwd: root }))).toEqual({ 'src/tools/get_note.ts': 'create' });
});

test('a new project has the files that are brought along, and no stub or starting test in their place', async () => {
  const root = await makeDirectory();
  const userFiles = { 'src/tools/get_note.ts': '// brought\n', 'src/notes/database.ts': '// brought, too\n' };
  const text = await readManifest('before');
  const result = await create({
    cwd: root,
    manifest: { file: 'hardened-mcp.yaml', text },
    userFiles,
    generator: 'file:/g',
  });
  expect(result).toMatchObject({ status: 'written', notes: { newHandlers: ['src/tools/drop_note.ts'] } });
  const tree = await readTree(root);
  expect(tree).toMatchObject({ ...userFiles, 'hardened-mcp.yaml': text });
  expect(Object.keys(tree)).not.toContain('test/tools/get_note.test.ts');
  expect(Object.keys(tree)).toContain('test/tools/drop_note.test.ts');
  expect(changed(await generate({ cwd: root }))).toEqual({});
  expect(await check({ cwd: root })).toMatchObject({ status: 'current' });
});

test('a new project from a manifest that is wrong leaves nothing behind', async () => {
  const root = join(await makeDirectory(), 'new');
  const manifest = { file: 'hardened-mcp.yaml', text: 'version: 1\n' };
  expect(await create({ cwd: root, manifest })).toMatchObject({ status: 'invalid' });
  await expect(readdir(root)).rejects.toThrow('ENOENT');
});

test('a link inside the project that leads out of it stops everything', async () => {
  const root = await makeProject();
  const outside = await makeDirectory();
  await useManifest(root, 'after');
  await rm(join(root, 'src/generated'), { recursive: true });
  await symlink(outside, join(root, 'src/generated'));
  const result = await generate({ cwd: root, force: true });
  expect(result).toMatchObject({
    status: 'refused',
    diagnostics: [{ code: 'path-outside-root', args: { path: 'src/generated' } }],
  });
  expect(await readdir(outside)).toEqual([]);
});

test('a file where a directory is needed stops everything, also with force', async () => {
  const root = await makeProject();
  await rm(join(root, 'src/generated'), { recursive: true });
  await writeFile(join(root, 'src/generated'), 'mine');
  const before = await readTree(root);
  expect(await generate({ cwd: root, force: true })).toMatchObject({
    status: 'refused',
    diagnostics: [{ code: 'file-in-the-way', args: { path: 'src/generated' } }],
  });
  expect(await readTree(root)).toEqual(before);
});
