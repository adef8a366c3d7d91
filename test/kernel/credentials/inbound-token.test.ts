/** Code that tries to get at the access token that a caller came with: the compiler, the linter or what imports what refuses it. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';

import { REPOSITORY } from '../../../scripts/fixture-projects.ts';

const KERNEL = 'templates/kernel';

/** By path; every line that ends so must be refused, and no other may be. */
type Attempts = Readonly<Record<string, string>>;
const REFUSED = '// refused';

/** As the compiler sees them: files of the kernel's, and a provider and a handler of a project's own. */
const TYPED: Attempts = {
  [`${KERNEL}/upstream/attempt.ts`]: `
    import type { Secret } from '../config/secret.ts';
    import type { Delegation } from '../delegation.ts';
    import { subjectTokenOf } from '../subject-token.ts';
    export const allowed = ({ id, endsAt }: Delegation): unknown => [id, endsAt];
    export const exchange = (delegation: Delegation): unknown => delegation.exchangeWith; // refused
    export const token = (delegation: Delegation): unknown => delegation.token; // refused
    export const reveal = (delegation: Delegation): unknown => delegation.reveal(); // refused
    export const asSecret = (delegation: Delegation): Secret => delegation; // refused
    export const byName = (id: string): Secret => subjectTokenOf({ id }); // refused
  `,
  'src/credentials/attempt.ts': `
    import type { CredentialProvider } from '../../templates/kernel/upstream/credentials/provider.ts';
    export const allowed: CredentialProvider = ({ scopes = [] }) => ({ token: scopes.join() });
    export const delegated: CredentialProvider = ({ delegation }) => delegation; // refused
    export const subject: CredentialProvider = ({ subjectToken }) => subjectToken; // refused
    export const headers: CredentialProvider = ({ headers }) => headers; // refused
  `,
  'src/tools/attempt.ts': `
    import type { ToolContext } from '../../templates/kernel/handler.ts';
    import { subjectTokenOf } from '../../templates/kernel/subject-token.ts';
    export const allowed = ({ principal }: ToolContext): string => principal.subject;
    export const delegation = (ctx: ToolContext): unknown => ctx.delegation; // refused
    export const caller = (ctx: ToolContext): unknown => ctx.principal.token; // refused
    export const client = (ctx: ToolContext): unknown => ctx.upstream('api').credential; // refused
    export const opened = (ctx: ToolContext): unknown => subjectTokenOf(ctx.principal); // refused
  `,
};

/** As the linter sees them. */
const IMPORTING: Attempts = {
  [`${KERNEL}/upstream/attempt.ts`]: `
    export type { Delegation } from '../delegation.ts';
    export type { Claims } from '../auth/access-token.ts'; // refused
    export { tokenIn } from '../auth/access-token.ts'; // refused
    export { oauth } from '../auth/oauth.ts'; // refused
    export * from '../subject-token.ts'; // refused
  `,
  [`${KERNEL}/upstream/credentials/attempt.ts`]: `
    import { subjectTokenOf } from '../../subject-token.ts'; // refused
    export const tokenOf = subjectTokenOf;
  `,
  [`${KERNEL}/pipeline/attempt.ts`]: `
    export type { Delegation } from '../delegation.ts';
    export { subjectTokenOf } from '../subject-token.ts'; // refused
  `,
};

/** A copy of the kernel, with the attempts beside it. */
async function copyWith(attempts: Attempts): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inbound-token-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const path of [KERNEL, 'templates/project/tsconfig.json', '.oxlintrc.json', 'package.json']) {
    await cp(join(REPOSITORY, path), join(folder, path), { recursive: true });
  }
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, source] of Object.entries(attempts)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), source);
  }
  return folder;
}

/** `path:line`, of what is to be refused. */
function refusedIn(attempts: Attempts): readonly string[] {
  return Object.entries(attempts)
    .flatMap(([path, source]) =>
      source.split('\n').flatMap((line, index) => (line.endsWith(REFUSED) ? [`${path}:${index + 1}`] : [])),
    )
    .toSorted();
}

/** What a command says of lines, as `path:line`, each once. */
async function complaints(cwd: string, command: readonly string[], place: RegExp): Promise<readonly string[]> {
  const [file = '', ...args] = command;
  const { all } = await execa(file, args, { cwd, preferLocal: true, localDir: REPOSITORY, reject: false, all: true });
  const found = [...all.matchAll(place)].map(([, path, line]) => `${path}:${line}`);
  return [...new Set(found)].toSorted();
}

test('upstream code, providers and handlers have no type that leads to the token', async () => {
  const folder = await copyWith(TYPED);
  const project = { extends: './templates/project/tsconfig.json', include: [KERNEL, 'src'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
  const found = await complaints(folder, ['tsc', '-p', '.', '--pretty', 'false'], /^(\S+?)\((\d+),\d+\): error/gm);
  expect(found).toEqual(refusedIn(TYPED));
}, 60_000);

test('nothing but the exchange may import where it is kept, nor upstream code what reads it', async () => {
  const folder = await copyWith(IMPORTING);
  const found = await complaints(
    folder,
    ['oxlint', '--format', 'unix', KERNEL],
    /^(\S+?):(\d+):\d+: .*no-restricted/gm,
  );
  expect(found).toEqual(refusedIn(IMPORTING));
});

/** Files that name the module, in whatever way they import it. */
async function importersOf(module: string, kernel: string): Promise<readonly string[]> {
  const importers: string[] = [];
  for (const file of await readdir(kernel, { recursive: true })) {
    if (file.endsWith('.ts') && (await readFile(join(kernel, file), 'utf8')).includes(`/${module}.ts'`)) {
      importers.push(file);
    }
  }
  return importers.toSorted();
}

test('two modules import where the token is kept, and a third that does it in any way is seen', async () => {
  const two = ['auth/oauth.ts', 'upstream/credentials/token-exchange.ts'];
  expect(await importersOf('subject-token', join(REPOSITORY, KERNEL))).toEqual(two);
  const late = `export const tokens = await import('../subject-token.ts');`;
  const folder = await copyWith({ [`${KERNEL}/upstream/attempt.ts`]: late });
  expect(await importersOf('subject-token', join(folder, KERNEL))).toContain('upstream/attempt.ts');
});
