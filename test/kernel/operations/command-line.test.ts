import { readFileSync, writeFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { openFile } from './command.ts';
import { freshFile } from './desks.ts';
import { BILLING, claimIn, done, failed, QUESTION, unknown, waiting } from './records.ts';

/** What a terminal acts on; a line break is one of ours. */
const ACTED_ON = /(?!\n)[\p{Cc}\p{Cf}]/u;
const NPM = { npm_config_user_agent: 'npm/11.0.0 node/v24.0.0 linux x64' };

test('a table shows what waits for people, and how to look at it', async () => {
  const { store, operations } = openFile();
  const ids = [await unknown(store), await waiting(store), await failed(store)];
  const hidden = await done(store);
  const { code, stdout } = await operations(['list'], NPM);
  const [head = '', ...rows] = stdout.split('\n');
  expect(code).toBe(0);
  expect(head.split(/\s+/)).toEqual(['ID', 'STATE', 'TOOL', 'SUBJECT', 'AGE', 'TIME', 'WHY']);
  const line = (id: string | undefined) => rows.find((row) => row.startsWith(id ?? '?'));
  expect(line(ids[0])).toMatch(/ unknown +issue_refund +ada +\d+s +lease ends in \d+s +it may have been sent, and no/);
  expect(line(ids[1])).toMatch(
    / pending-approval +issue_refund +ada +\d+s +expires in 14m +Refund 500 cents of inv_1$/,
  );
  expect(line(ids[2])).toMatch(/ failed +issue_refund +ada +\d+s +REFUND_EXCEEDS_LIMIT: Too large\.$/);
  expect(stdout).not.toContain(hidden);
  expect(stdout).toContain('npm run operations -- show <id>');
});

test('one state alone is listed, and where nothing is, that is said with the place', async () => {
  const { store, path, operations } = openFile();
  await unknown(store);
  const id = await failed(store);
  const { stdout } = await operations(['list', '--state', 'failed']);
  expect(stdout.match(/op_\w+/g)).toEqual([id]);
  const none = await operations(['list', '--state', 'pending-approval']);
  expect(none.code).toBe(0);
  expect(none.stdout).toContain(`No operation is pending-approval (environment test, ${path})`);
  expect((await operations(['list'], { MCP_ENVIRONMENT: 'production' })).stdout).toContain('environment production');
});

test('long values are cut, and what a terminal acts on is not printed', async () => {
  const { store, operations } = openFile();
  const summary = `\u001B[2Jcleared\u202Eback ${'x'.repeat(5_000)}`;
  const subject = `eve\nop_forged  unknown`;
  const id = await waiting(store, claimIn(BILLING, { subject, approval: { ...QUESTION, summary } }));
  const { stdout } = await operations(['list']);
  expect(stdout).not.toMatch(ACTED_ON);
  expect(stdout).toContain('eve op_forged');
  expect(stdout.split('\n').filter((row) => row.startsWith('op_'))).toHaveLength(1);
  expect(Math.max(...stdout.split('\n').map((row) => row.length))).toBeLessThan(300);
  const shown = await operations(['show', id]);
  expect(shown.stdout).not.toMatch(ACTED_ON);
  expect(shown.stdout).toMatch(/^subject +eve op_forged {2}unknown$/m);
  const json = await operations(['show', id, '--json']);
  expect(json.stdout).not.toMatch(ACTED_ON);
  expect(JSON.parse(json.stdout)).toMatchObject({ operation: { subject, approval: { summary } } });
});

test('one is shown in full, with the commands that can follow', async () => {
  const { store, operations } = openFile();
  const asked = await waiting(store);
  const { code, stdout } = await operations(['show', asked], { npm_config_user_agent: 'pnpm/10.2.0 npm/? node/v24' });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^arguments +\{\n +"invoice_id": "inv_1"\n +\}$/m);
  expect(stdout).toContain('"scope": "refunds:approve"');
  expect(stdout).toContain(`pnpm run operations approve ${asked}\n  pnpm run operations deny ${asked}`);
  const open = await operations(['show', await unknown(store)]);
  for (const flags of ['--executed --result <file>', '--executed\n', '--not-executed']) {
    expect(open.stdout).toMatch(new RegExp(`node \\S+operated\\.ts resolve op_\\w+ ${flags}`));
  }
  const over = await operations(['show', await done(store)]);
  expect(over.stdout).toMatch(/^result +\{/m);
  expect(over.stdout).toContain('There is nothing to do about it now.');
});

test('approve says what follows, and the audit has it', async () => {
  const { store, operations } = openFile();
  const claim = claimIn(BILLING, { approval: QUESTION });
  await waiting(store, claim);
  const { code, stdout, stderr } = await operations(['approve', claim.id]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Approved: Refund 500 cents of inv_1\. The same call will be executed once, until \d{4}-/);
  expect(JSON.parse(stderr)).toMatchObject({
    event: 'operation_decided',
    decision: 'approved',
    subject: 'bo',
    requested_by: 'ada',
    operation_id: claim.id,
  });
  expect((await store.begin(claim)).kind).toBe('claimed');
});

test('deny says what follows', async () => {
  const { store, operations } = openFile();
  const id = await waiting(store);
  expect((await operations(['deny', id])).stdout).toMatch(/^Denied: .* The same call is told so, until /);
  expect((await store.findById(id))?.state).toBe('denied');
});

test('refusals end with code 1 and say why, also as JSON', async () => {
  const { store, operations } = openFile();
  const id = await waiting(store);
  const own = await operations(['approve', id], { MCP_SUBJECT: 'ada' });
  expect(own).toMatchObject({ code: 1, stdout: '' });
  expect(own.stderr).toContain('ada asked for this operation');
  const bare = await operations(['approve', id], { MCP_SCOPES: '' });
  expect(bare).toMatchObject({ code: 1 });
  expect(bare.stderr).toContain('needs the scope refunds:approve');
  expect((await operations(['resolve', id, '--executed'])).code).toBe(1);
  const absent = await operations(['show', 'op_1', '--json']);
  expect(absent.code).toBe(1);
  expect(JSON.parse(absent.stdout)).toMatchObject({ ok: false, error: { code: 'OPERATION_NOT_FOUND' } });
  expect((await store.findById(id))?.state).toBe('pending-approval');
});

test('resolve takes a result from a file, or the word that nothing happened', async () => {
  const { store, operations } = openFile();
  const file = freshFile();
  writeFileSync(file, '{"refund_id":"re_9","card":"4242"}');
  const claim = claimIn(BILLING);
  await unknown(store, claim);
  const { code, stdout } = await operations(['resolve', claim.id, '--executed', '--result', file]);
  expect(code).toBe(0);
  expect(stdout).toContain('The same call is answered from the record, and not executed again.');
  expect(await store.begin(claim)).toMatchObject({
    kind: 'done',
    outcome: { ok: true, result: '{"refund_id":"re_9"}' },
  });
  const other = await operations(['resolve', await unknown(store), '--not-executed']);
  expect(other.stdout).toContain('was not executed. The same call will be executed again.');
  const unrecorded = await operations(['resolve', await unknown(store), '--executed', '--json']);
  expect(JSON.parse(unrecorded.stdout)).toMatchObject({
    ok: true,
    operation: { state: 'done', error: { code: 'RESULT_UNRECORDED' } },
  });
});

test('a scope of operators is asked for where the server names one', async () => {
  const { store, operations } = openFile();
  const id = await unknown(store);
  const scoped = { OPERATIONS_SCOPE: 'operate' };
  const refused = await operations(['resolve', id, '--executed'], scoped);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('needs the scope operate');
  expect((await operations(['list'], scoped)).stdout).toContain(id);
  const resolved = await operations(['resolve', id, '--not-executed'], { ...scoped, MCP_SCOPES: 'operate' });
  expect(resolved.code).toBe(0);
});

test('purge, hold and release-hold say what they did, and audit it in the file that is named', async () => {
  const { store, operations } = openFile();
  const MCP_AUDIT_FILE = freshFile();
  expect((await operations(['purge'], { MCP_AUDIT_FILE })).stdout).toBe('0 operations were removed.\n');
  const held = await operations(['hold'], { MCP_AUDIT_FILE });
  expect(held).toMatchObject({ code: 0, stderr: '' });
  expect(held.stdout).toContain('release-hold');
  expect((await store.begin(claimIn(BILLING, { irreversible: true }))).kind).toBe('held');
  const freed = await operations(['release-hold', '--json'], { MCP_AUDIT_FILE });
  expect(JSON.parse(freed.stdout)).toEqual({ ok: true, held: false });
  expect((await store.begin(claimIn(BILLING, { irreversible: true }))).kind).toBe('claimed');
  const events = readFileSync(MCP_AUDIT_FILE, 'utf8').trim().split('\n');
  expect(events.map((line) => (JSON.parse(line) as { decision: string }).decision)).toEqual([
    'purged',
    'held',
    'hold_released',
  ]);
});

test('--help names the commands, with examples', async () => {
  const { operations } = openFile();
  const { code, stdout } = await operations(['--help'], NPM);
  expect(code).toBe(0);
  expect(stdout).toContain('npm run operations -- approve op_');
  expect(stdout).toContain('MCP_STORE_PATH');
});

test('a wrong command line ends with code 2 and says what is wrong', async () => {
  const { operations } = openFile();
  const { code, stdout, stderr } = await operations(['lst']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe('There is no command "lst".\nRun it with --help to see its commands.\n');
});

test('a wrong environment ends with code 2 and names its variables', async () => {
  const { operations } = openFile();
  const scopes = await operations(['list'], { MCP_SCOPES: 'nope' });
  expect(scopes.code).toBe(2);
  expect(scopes.stderr).toContain('MCP_SCOPES');
  const store = await operations(['list'], { MCP_STORE_PATH: '/dev/null/store.sqlite' });
  expect(store.code).toBe(2);
  expect(store.stderr).toContain('MCP_STORE_PATH');
  const audit = await operations(['list'], { MCP_AUDIT_FILE: '/dev/null/audit' });
  expect(audit.code).toBe(2);
  expect(audit.stderr).toContain('MCP_AUDIT_FILE');
});

test('what fails unexpectedly is logged without what looks like a credential, and ends with code 1', async () => {
  const code = "process.stdout.write = () => { throw new Error('postgres://app:canary@db is gone'); }";
  const { operations } = openFile();
  const ran = await operations(['list'], { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` });
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.stderr)).toMatchObject({ level: 'error', error: 'Error: postgres://[secret]@db is gone' });
});
