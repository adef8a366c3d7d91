import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

import { expect, test } from 'vitest';

import { Interrupted } from '../../src/commands/cannot-run.ts';
import { createFlags, flagsFor } from '../../src/commands/create/choices.ts';
import { askChoices } from '../../src/commands/create/wizard.ts';
import { emptyDirectory } from './run-cli.ts';

const ENTER = '\r';
const DOWN = '\u001B[B';
const CTRL_C = '\u0003';

/** A person at a terminal: waits until a question is on the screen, then types. */
function openDialogue() {
  const input = new PassThrough();
  const output = new PassThrough();
  // Each question ends its output when it is answered; a terminal does not mind.
  output.end = () => output;
  let screen = '';
  output.on('data', (chunk: Buffer) => (screen += stripVTControlCharacters(chunk.toString())));
  const sees = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        const at = screen.indexOf(text);
        if (at === -1) return;
        screen = screen.slice(at + text.length);
        output.off('data', look);
        resolve();
      };
      output.on('data', look);
      look();
    });
  return {
    dialogue: { input, output, signal: new AbortController().signal },
    answer: async (question: string, keys: string) => {
      await sees(question);
      input.write(keys);
    },
    sees,
  };
}

const NO_FLAGS = createFlags.parse({ arguments: [], install: true, git: true });

test('every question is asked, and the answers become the choices', async () => {
  const cwd = await emptyDirectory();
  const { dialogue, answer } = openDialogue();
  const choices = askChoices({ flags: NO_FLAGS, cwd, userAgent: 'pnpm/10.2.0', dialogue });
  await answer('Where should the project go?', `My Billing${ENTER}`);
  await answer('Start from', `${DOWN}${ENTER}`);
  await answer("The server's name", ENTER);
  await answer('How do clients connect?', ` ${ENTER}`);
  await answer('Package manager', ENTER);
  await answer('Install, and run its tests?', `n${ENTER}`);
  await answer('Make a git repository', ENTER);

  expect(await choices).toEqual({
    directory: 'My Billing',
    start: { example: 'billing' },
    name: 'my-billing',
    transports: ['http'],
    packageManager: 'pnpm',
    install: false,
    git: true,
  });
});

test('what flags have settled is not asked', async () => {
  const cwd = await emptyDirectory();
  const { dialogue, answer } = openDialogue();
  const flags = createFlags.parse({
    arguments: ['crm'],
    name: 'crm',
    example: 'minimal',
    transport: ['http'],
    packageManager: 'npm',
    install: false,
    git: true,
  });
  const choices = askChoices({ flags, cwd, userAgent: undefined, dialogue });
  await answer('Make a git repository', `n${ENTER}`);
  expect(flagsFor(await choices)).toEqual(
    'crm --name crm --example minimal --transport http --package-manager npm --no-install --no-git --yes'.split(' '),
  );
});

test('a directory that is not free is not accepted', async () => {
  const cwd = await emptyDirectory();
  const { dialogue, answer, sees } = openDialogue();
  const choices = askChoices({
    flags: { ...NO_FLAGS, example: 'minimal' },
    cwd: `${cwd}/..`,
    userAgent: undefined,
    dialogue,
  });
  const end = choices.catch((error: unknown) => error);
  await answer('Where should the project go?', `.${ENTER}`);
  await sees('Not empty');
  dialogue.input.write(CTRL_C);
  expect(await end).toBeInstanceOf(Interrupted);
});

test('a manifest of the user is checked when it is named', async () => {
  const cwd = await emptyDirectory();
  const { dialogue, answer, sees } = openDialogue();
  const choices = askChoices({ flags: { ...NO_FLAGS, arguments: ['crm'] }, cwd, userAgent: undefined, dialogue });
  const end = choices.catch((error: unknown) => error);
  // The last choice; the list is not walked past its end.
  await answer('Start from', `\u001B[A${ENTER}`);
  await answer('Which file?', `nowhere.yaml${ENTER}`);
  await sees('there is no such file');
  dialogue.input.write(CTRL_C);
  expect(await end).toBeInstanceOf(Interrupted);
});

test('Ctrl-C at a question interrupts', async () => {
  const { dialogue, answer } = openDialogue();
  const choices = askChoices({ flags: NO_FLAGS, cwd: await emptyDirectory(), userAgent: undefined, dialogue });
  const end = choices.catch((error: unknown) => error);
  await answer('Where should the project go?', CTRL_C);
  expect(await end).toBeInstanceOf(Interrupted);
});
