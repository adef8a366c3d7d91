import { writeFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { UsageError } from '../../../templates/kernel/command-line.ts';
import { readCommand } from '../../../templates/kernel/operations/read-command.ts';
import { freshFile } from './desks.ts';

const ID = 'op_0123456789abcdef0123456789abcdef';

function jsonFile(text: string): string {
  const file = freshFile();
  writeFileSync(file, text);
  return file;
}

test('commands are read with what belongs to them', () => {
  const file = jsonFile('{"refund_id":"re_1"}');
  expect(readCommand(['list'])).toEqual({
    name: 'list',
    json: false,
    kinds: ['unknown', 'pending-approval', 'failed'],
  });
  expect(readCommand(['list', '--state', 'failed', '--json'])).toEqual({ name: 'list', json: true, kinds: ['failed'] });
  for (const name of ['show', 'approve', 'deny'])
    expect(readCommand([name, ID])).toEqual({ name, json: false, id: ID });
  expect(readCommand(['resolve', ID, '--not-executed'])).toMatchObject({ id: ID, finding: { executed: false } });
  expect(readCommand(['resolve', ID, '--executed'])).toMatchObject({ finding: { executed: true, result: undefined } });
  expect(readCommand(['resolve', '--executed', '--result', file, ID])).toMatchObject({
    finding: { executed: true, result: { refund_id: 're_1' } },
  });
  for (const name of ['purge', 'hold', 'release-hold']) expect(readCommand([name])).toEqual({ name, json: false });
  for (const argv of [[], ['--help'], ['show', '-h']]) expect(readCommand(argv)).toMatchObject({ name: 'help' });
});

test.each([
  [['lst'], 'There is no command "lst"'],
  [['list', '--nope'], '--nope'],
  [['list', '--state', 'done'], '--state "done"'],
  [['list', ID], 'is too much'],
  [['purge', ID], 'is too much'],
  [['show'], 'show needs one operation id'],
  [['approve', ID, ID], 'approve needs one operation id'],
  [['approve', ID, '--executed'], '--executed belongs to resolve'],
  [['resolve', ID, '--state', 'failed', '--executed'], '--state belongs to list'],
  [['resolve', ID], 'either --executed or --not-executed'],
  [['resolve', ID, '--executed', '--not-executed'], 'either --executed or --not-executed'],
  [['resolve', ID, '--not-executed', '--result', '/dev/null'], '--result goes with --executed'],
  [['resolve', ID, '--executed', '--result', '/dev/null/gone'], 'cannot be read'],
  [['resolve', ID, '--executed', '--result', '/dev/null'], 'is not JSON'],
])('%j is refused', (argv, problem) => {
  expect(() => readCommand(argv)).toThrow(UsageError);
  expect(() => readCommand(argv)).toThrow(problem);
});
