import { rmSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { ConfigurationError, Environment } from '../../../templates/kernel/config/environment.ts';
import { readRequestState } from '../../../templates/kernel/config/request-state.ts';
import { errorIn, startServed, startServedHttp } from '../transport/process.ts';
import { environmentFor, holdQuestion, isForged, SECRET, send, SERVED, sitAtHttp, startRefunds } from './people.ts';

const NOWHERE = { url: new URL('http://127.0.0.1:1') };

function problemsOf(variables: Record<string, string>): readonly string[] {
  const environment = new Environment(variables);
  readRequestState(environment);
  try {
    environment.check();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

test('the secret has 32 characters or more, from one place, and no problem shows it', () => {
  expect(problemsOf({ MCP_REQUEST_STATE_SECRET: SECRET })).toEqual([]);
  const short = SECRET.slice(0, 31);
  const problems = problemsOf({ MCP_REQUEST_STATE_SECRET: short });
  expect(problems).toEqual(['MCP_REQUEST_STATE_SECRET holds 31 characters: give it 32 random ones or more.']);
  const both = problemsOf({ MCP_REQUEST_STATE_SECRET: SECRET, MCP_REQUEST_STATE_SECRET_FILE: '/nowhere' });
  expect(both.join()).toMatch(/both set.*cannot be read/);
  expect([...problems, ...both].join()).not.toContain(short);
});

test('without a secret each process makes its own, which nothing shows', () => {
  const [first, second] = [readRequestState(new Environment({})), readRequestState(new Environment({}))];
  expect(first.shared).toBe(false);
  expect(first.secret.reveal()).toMatch(/^[\w-]{43}$/);
  expect(first.secret.reveal()).not.toBe(second.secret.reveal());
  expect(inspect(first, { depth: 9 }) + JSON.stringify(first)).not.toContain(first.secret.reveal());
});

test('a secret that is too short ends the server with code 2', async () => {
  const served = startServed([], environmentFor(NOWHERE, { MCP_REQUEST_STATE_SECRET: 'short' }), SERVED);
  expect(await served.exited).toBe(2);
  expect(served.output().stderr).toContain('MCP_REQUEST_STATE_SECRET holds 5 characters');
});

test.each([
  ['', /with a secret of this process: set MCP_REQUEST_STATE_SECRET where several processes/],
  [SECRET, /signed with MCP_REQUEST_STATE_SECRET/],
])('the server says what signs its questions, and never the secret (%#)', async (secret, said) => {
  const environment = environmentFor(NOWHERE, { MCP_REQUEST_STATE_SECRET: secret });
  const served = startServed(['--check-config'], environment, SERVED);
  expect(await served.exited).toBe(0);
  const { stdout, stderr } = served.output();
  expect(stdout).toMatch(said);
  expect(stdout + stderr).not.toContain(SECRET);
});

test('--help names the variable where callers are asked, and only there', async () => {
  const [asking, other] = [startServed(['--help'], environmentFor(NOWHERE), SERVED), startServed(['--help'])];
  expect([await asking.exited, await other.exited]).toEqual([0, 0]);
  expect(asking.output().stdout).toContain('MCP_REQUEST_STATE_SECRET');
  expect(other.output().stdout).not.toContain('MCP_REQUEST_STATE_SECRET');
});

test('a secret that is changed or lost while the server runs voids what was asked, and tells the client nothing', async () => {
  const bank = await startRefunds();
  const environment = environmentFor(bank, { MCP_REQUEST_STATE_SECRET: '' });
  const path = `${environment['MCP_STORE_PATH']}.secret`;
  writeFileSync(path, SECRET);
  const { served, url } = await startServedHttp({ ...environment, MCP_REQUEST_STATE_SECRET_FILE: path }, SERVED);
  const ada = await sitAtHttp(url, { era: 'modern', capabilities: { elicitation: { form: {} } } });
  const args = { invoice_id: 'inv_1', amount: 1 };
  const { requestState } = await holdQuestion(ada, { args });
  writeFileSync(path, `${SECRET} and more`);
  expect(await isForged(ada, { args, requestState, action: 'accept' })).toBe(true);
  rmSync(path);
  const refused = await send(ada, { args, requestState, action: 'accept' });
  expect(errorIn(refused)).toMatchObject({ code: 'APPROVAL_REQUIRED' });
  expect(JSON.stringify(refused)).not.toContain(path);
  await served.stderr(/the secret cannot be read/);
  expect(bank.received).toHaveLength(0);
});

test('a server whose tools ask their callers does not start without the part that does', async () => {
  const served = startServed([], environmentFor(NOWHERE, { WITHOUT_ASKING: 'yes' }), SERVED);
  expect(await served.exited).not.toBe(0);
  expect(served.output().stderr).toContain('has tools that ask their caller, so it needs the part that does');
});
