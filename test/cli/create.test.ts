import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { ownPackage } from '../../src/commands/own-package.ts';
import { PACKAGE_MANAGERS } from '../../src/render/package-manager.ts';
import { emptyDirectory, runCli } from './run-cli.ts';

const WRITE_ONLY = ['--yes', '--no-install', '--no-git'];

const MANIFEST = `# Mine.
version: 1
server: { name: crm, version: 2.0.0 }
tools:
  - name: count_customers
    description: Return how many customers there are.
    mutability: read-only
    public: true
    scopes: []
    inputSchema: { type: object, properties: {} }
`;

test('an example becomes a project, named after its directory', async () => {
  const cwd = await emptyDirectory();
  const { exitCode, stdout } = await runCli(['create', 'Invoice Desk', '--example', 'billing', ...WRITE_ONLY], { cwd });
  expect(exitCode).toBe(0);

  const project = join(cwd, 'Invoice Desk');
  expect(await readdir(project)).toEqual(
    expect.arrayContaining(['.gitignore', '.hardened-mcp', 'hardened-mcp.yaml', 'package.json', 'src', 'test']),
  );
  expect(parse(await readFile(join(project, 'hardened-mcp.yaml'), 'utf8')).server.name).toBe('invoice-desk');
  const { devDependencies } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
  expect(devDependencies['create-hardened-mcp']).toBe(`file:${ownPackage().root}`);
  expect(stdout).toMatch(/1\. `cd 'Invoice Desk' && npm install.*`\n {2}2\. .*npx hardened-mcp generate.*\n {2}3\. /);

  expect((await runCli(['check'], { cwd: project })).exitCode).toBe(0);
});

test("an example's own files come with it, and none of them waits for its author", async () => {
  const cwd = await emptyDirectory();
  const { stdout } = await runCli(['create', 'greeter', '--json', ...WRITE_ONLY], { cwd });
  expect(JSON.parse(stdout).newHandlers).toEqual([]);
  const shipped = join(ownPackage().root, 'templates/examples/minimal/src/tools/greet.ts');
  expect(await readFile(join(cwd, 'greeter/src/tools/greet.ts'), 'utf8')).toBe(await readFile(shipped, 'utf8'));
});

const JSON_MANIFEST = JSON.stringify(parse(MANIFEST));

test.for([
  ['crm.yaml', 'hardened-mcp.yaml', MANIFEST],
  ['my.yml', 'hardened-mcp.yml', MANIFEST],
  ['tools.json', 'hardened-mcp.json', JSON_MANIFEST],
  ['tools', 'hardened-mcp.yaml', MANIFEST],
] as const)('a manifest called %s is copied byte for byte to %s, where every command finds it', async (given) => {
  const [from, to, text] = given;
  const cwd = await emptyDirectory();
  await writeFile(join(cwd, from), text);
  expect((await runCli(['create', '--manifest', from, ...WRITE_ONLY], { cwd })).exitCode).toBe(0);

  // The manifest gave the directory its name.
  const project = join(cwd, 'crm');
  expect(await readFile(join(project, to), 'utf8')).toBe(text);
  expect((await runCli(['check'], { cwd: project })).exitCode).toBe(0);
  const { stdout } = await runCli(['generate', '--json'], { cwd: project });
  const kinds = JSON.parse(stdout).changes.map(({ kind }: { kind: string }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['kept', 'unchanged']));
});

test('a manifest in JSON stays JSON when its server is renamed', async () => {
  const cwd = await emptyDirectory();
  await writeFile(join(cwd, 'my.json'), JSON_MANIFEST);
  const { exitCode } = await runCli(['create', 'crm', '--manifest', 'my.json', '--name', 'sales', ...WRITE_ONLY], {
    cwd,
  });
  expect(exitCode).toBe(0);
  expect(await readFile(join(cwd, 'crm/hardened-mcp.json'), 'utf8')).toBe(JSON_MANIFEST.replace('"crm"', '"sales"'));
});

test.for([
  ['npm', [], 'npm ci', 'npm run check -- --format github', 'npm test'],
  [
    'pnpm',
    ['pnpm/action-setup@v4'],
    'pnpm install --frozen-lockfile',
    'pnpm run check --format github',
    'pnpm run test',
  ],
  [
    'yarn',
    ['corepack enable && corepack prepare yarn@4.18.1 --activate'],
    'yarn install --immutable',
    'yarn run check --format github',
    'yarn run test',
  ],
  ['bun', ['oven-sh/setup-bun@v2'], 'bun install --frozen-lockfile', 'bun run check --format github', 'bun run test'],
] as const)(
  'what is yours speaks of %s, and what is generated of none',
  async ([manager, setup, install, check, run]) => {
    const cwd = await emptyDirectory();
    await runCli(['create', 'crm', '--transport', 'stdio', 'http', '--package-manager', manager, ...WRITE_ONLY], {
      cwd,
    });
    const project = join(cwd, 'crm');
    const text = (path: string) => readFile(join(project, path), 'utf8');

    const steps: readonly { run?: string; uses?: string }[] = parse(await text('.github/workflows/ci.yml')).jobs.verify
      .steps;
    expect(steps.map((step) => step.run ?? step.uses)).toEqual([
      'actions/checkout@v4',
      ...setup,
      'actions/setup-node@v4',
      install,
      check,
      `${manager} run typecheck`,
      `${manager} run build`,
      run,
    ]);
    expect(await text('README.md')).toContain(`\`\`\`sh\n${manager} install\n`);
    const others = PACKAGE_MANAGERS.filter((other) => other !== manager).join('|');
    const foreign = new RegExp(`\\b(${others})\\b (ci|install|run|start|test)\\b`);
    for (const path of ['.github/workflows/ci.yml', 'README.md', '.env.example', '.mcp.json']) {
      expect(await text(path)).not.toMatch(foreign);
    }
    expect((await runCli(['check'], { cwd: project })).exitCode).toBe(0);
    expect(await text('AGENTS.md')).not.toMatch(/\b(npm|pnpm|yarn|bun)\b/);
  },
);

test('a project for yarn is installed into node_modules, where node finds it', async () => {
  const cwd = await emptyDirectory();
  await runCli(['create', 'crm', '--package-manager', 'yarn', ...WRITE_ONLY], { cwd });
  expect(parse(await readFile(join(cwd, 'crm/.yarnrc.yml'), 'utf8'))).toEqual({ nodeLinker: 'node-modules' });
  await runCli(['create', 'erp', ...WRITE_ONLY], { cwd });
  expect(await readdir(join(cwd, 'erp'))).not.toContain('.yarnrc.yml');
});

test('--json prints one document about what was made', async () => {
  const cwd = await emptyDirectory();
  const { stdout } = await runCli(['create', 'crm', '--transport', 'stdio', '--json', ...WRITE_ONLY], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 0,
    command: 'create',
    directory: join(cwd, 'crm'),
    installed: false,
    flags: [
      'crm',
      '--name',
      'crm',
      '--example',
      'minimal',
      '--transport',
      'stdio',
      '--package-manager',
      'npm',
      '--no-install',
      '--no-git',
      '--yes',
    ],
    files: expect.arrayContaining([{ path: 'src/index.ts', owner: 'you' }]),
  });
});

test('the first commit holds the whole project', async () => {
  const cwd = await emptyDirectory();
  const { exitCode } = await runCli(['create', 'crm', '--yes', '--no-install'], { cwd });
  expect(exitCode).toBe(0);
  const git = async (...args: string[]) => (await execa('git', args, { cwd: join(cwd, 'crm') })).stdout;
  expect(await git('status', '--porcelain')).toBe('');
  expect(await git('log', '--format=%s')).toBe(`Start from create-hardened-mcp ${ownPackage().version}`);
  expect(await git('ls-files')).toContain('.hardened-mcp/lock.json');
});

test('inside a repository no other is made', async () => {
  const cwd = await emptyDirectory();
  await execa('git', ['init', '--quiet'], { cwd });
  const { exitCode, stderr } = await runCli(['create', 'crm', '--yes', '--no-install'], { cwd });
  expect(exitCode).toBe(0);
  expect(stderr).toContain('lies in a repository already');
  expect(await readdir(join(cwd, 'crm'))).not.toContain('.git');
});

test('a git that does not know its user does not fail the creation', async () => {
  const cwd = await emptyDirectory();
  const config = join(cwd, 'gitconfig');
  await writeFile(config, '[user]\n\tuseConfigOnly = true\n');
  const env = {
    GIT_CONFIG_GLOBAL: config,
    GIT_AUTHOR_NAME: '',
    GIT_AUTHOR_EMAIL: '',
    GIT_COMMITTER_NAME: '',
    GIT_COMMITTER_EMAIL: '',
  };
  const { exitCode, stderr } = await runCli(['create', 'crm', '--yes', '--no-install'], { cwd, env });
  expect(exitCode).toBe(0);
  expect(stderr).toContain('Not committed');
});

test('a directory that is not empty is refused, and stays as it is', async () => {
  const cwd = await emptyDirectory();
  await mkdir(join(cwd, 'crm'));
  await writeFile(join(cwd, 'crm/notes.txt'), 'mine');
  const { exitCode, stderr } = await runCli(['create', 'crm', ...WRITE_ONLY], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('notes.txt');
  expect(await readdir(join(cwd, 'crm'))).toEqual(['notes.txt']);
});

test('an empty directory is used, the working directory too', async () => {
  const cwd = await emptyDirectory();
  const { exitCode, stdout } = await runCli(['create', '.', '--name', 'crm', ...WRITE_ONLY], { cwd });
  expect(exitCode).toBe(0);
  expect(await readdir(cwd)).toContain('package.json');
  expect(stdout).not.toContain('cd ');
});

test.for([
  ['an invalid manifest', 'mutability: read-only', 'mutability: harmless', 'harmless'],
  [
    'a manifest of which no test can be made',
    'properties: {}',
    "required: [a], properties: { a: { type: string, pattern: '^(?=x)y' } }",
    'No valid sample',
  ],
] as const)('%s makes nothing at all', async ([, from, to, said]) => {
  const cwd = await emptyDirectory();
  await writeFile(join(cwd, 'my.yaml'), MANIFEST.replace(from, to));
  const { exitCode, stderr } = await runCli(['create', 'crm', '--manifest', 'my.yaml', ...WRITE_ONLY], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(said);
  expect(stderr).toMatch(/at my\.yaml:\d+:\d+/);
  expect(await readdir(cwd)).toEqual(['my.yaml']);
});

test.for([
  [['--example', 'biling'], 'Did you mean billing?'],
  [['--manifest', 'nowhere.yaml'], 'nowhere.yaml'],
  [['--example', 'billing', '--manifest', 'my.yaml'], '--example and --manifest'],
  [['--name', 'Not A Name'], '--name'],
  [['--transport', 'pigeon'], 'pigeon'],
] as const)('%j is refused and makes nothing', async ([flags, said]) => {
  const cwd = await emptyDirectory();
  const { exitCode, stderr } = await runCli(['create', 'crm', ...flags, ...WRITE_ONLY], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(said);
  expect(await readdir(cwd)).toEqual([]);
});

test('--list-examples names each example with one line about it', async () => {
  const { exitCode, stdout } = await runCli(['create', '--list-examples'], { cwd: await emptyDirectory() });
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(' ', 1)[0])).toEqual(['minimal', 'billing', 'retail']);
});
