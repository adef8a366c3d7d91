/**
 * What the Dockerfile of a project makes, as far as that can be had without Docker: its steps are taken one by one in
 * folders, and the entry point is started as the image's user where the tests may become it. Needs the npm registry.
 */
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';

import { createProject, readFixture } from '../../scripts/fixture-projects.ts';
import { parseDockerfile, stepOf, type Stage } from '../render/parse-dockerfile.ts';

const MINUTES = 60_000;

test(
  'its steps make a folder from which the entry point starts, as a user who can write to data alone',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'hardened-mcp-image-'));
    onTestFinished(() => rm(root, { recursive: true, force: true }));
    await chmod(root, 0o755);
    const context = join(root, 'context');
    await mkdir(context);
    await createProject(context, await readFixture('billing'));
    await lock(context);

    const stages = parseDockerfile(await readFile(join(context, 'Dockerfile'), 'utf8'));
    for (const stage of stages) await build(stage, root);
    const image = stages.at(-1);
    const app = folderOf(root, image);
    const [, ...args] = stepOf(image, 'ENTRYPOINT').words;

    const environment = {
      BILLING_API_URL: 'http://127.0.0.1:1',
      BILLING_API_TOKEN: 'token',
      MCP_SCOPES: 'refunds:write',
    };
    const options = { cwd: app, env: environment, extendEnv: false, reject: false, all: true, ...imageUser(image) };
    const started = await execa(process.execPath, [...args, '--check-config'], options);
    expect(started.all).toContain('the store was opened, and is as it should be');
    expect(started.exitCode).toBe(0);

    const elsewhere = { ...options, env: { ...environment, MCP_STORE_PATH: 'store.sqlite' } };
    expect((await execa(process.execPath, [...args, '--check-config'], elsewhere)).exitCode).toBe(2);
  },
  8 * MINUTES,
);

/** The image needs no generator, and this one may not be published yet. */
async function lock(context: string): Promise<void> {
  const file = join(context, 'package.json');
  const { devDependencies, ...manifest } = JSON.parse(await readFile(file, 'utf8'));
  const { 'create-hardened-mcp': _, ...others } = devDependencies;
  await writeFile(file, JSON.stringify({ ...manifest, devDependencies: others }));
  await execa('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], { cwd: context });
}

/** Only root may become another user. */
function imageUser(image: Stage | undefined): { readonly uid?: number; readonly gid?: number } {
  const [uid = 0, gid = 0] = (stepOf(image, 'USER').words[0] ?? '').split(':').map(Number);
  return process.getuid?.() === 0 ? { uid, gid } : {};
}

const folderOf = (root: string, stage: Stage | undefined): string => join(root, stage?.name ?? 'image');

/** `WORKDIR` is the stage's folder; a stage begins with what the one has that it is made from. */
async function build({ image, name, steps }: Stage, root: string): Promise<void> {
  const folder = folderOf(root, { image, name, steps });
  await mkdir(folder);
  if (image === 'packages') await cp(join(root, image), folder, { recursive: true });
  for (const { keyword, flags, words, text } of steps) {
    if (keyword === 'RUN') await execa(text, { cwd: folder, shell: true });
    if (keyword === 'COPY')
      await copy(words, { from: join(root, flags['from'] ?? 'context'), folder, owner: flags['chown'] });
  }
}

interface Places {
  readonly from: string;
  readonly folder: string;
  readonly owner: string | null | undefined;
}

async function copy(words: readonly string[], { from, folder, owner }: Places): Promise<void> {
  const target = words.at(-1) ?? '';
  for (const word of words.slice(0, -1)) {
    // Node.js itself is the one that runs this.
    if (word === '/usr/local/bin/node') continue;
    const to = join(folder, target.endsWith('/') ? join(target, basename(word)) : target);
    await cp(join(from, word.replace(/^\/app\//, '')), to, { recursive: true, verbatimSymlinks: true });
    if (owner !== undefined && process.getuid?.() === 0) await execa('chown', ['-R', owner ?? '', to]);
  }
}
