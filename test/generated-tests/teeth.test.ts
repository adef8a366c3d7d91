/** A guard that somebody takes out of the server must be missed by the tests that the server was generated with. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { breakFile, copyProject, createProject, runTests, type Change, type Project } from './project.ts';

/** Declared tools; handlers. */
let billing: Project;
let retail: Project;

beforeAll(async () => {
  [billing, retail] = await Promise.all([createProject('billing'), createProject('retail')]);
}, 60_000);

afterAll(() => Promise.all([billing.remove(), retail.remove()]));

interface Broken extends Change {
  readonly title: string;
  /** The generated test that must fail, and the tool it is about. */
  readonly caughtBy: string;
  readonly tool: string;
  /** Where the tool is of that example; absent: of billing. */
  readonly example?: 'retail';
}

const broken: readonly Broken[] = [
  {
    title: 'callers are not authorized',
    file: 'src/kernel/pipeline/call-tool.ts',
    from: '  authorize(loaded.tool, call.caller, kernel.settings); // 5\n',
    to: '',
    tool: 'get_invoice',
    caughtBy: 'refuses a caller without the scope invoices:read',
  },
  {
    title: 'rights are not asked for before a replay',
    file: 'src/kernel/pipeline/call-tool.ts',
    from: '  authorize(loaded.tool, call.caller, kernel.settings); // 5\n',
    to: '',
    tool: 'issue_refund',
    caughtBy: 'gives no stored answer to a caller whose rights were taken away',
  },
  {
    title: 'MCP_WRITES is not asked',
    file: 'src/kernel/pipeline/authorize.ts',
    from: 'writes(policy) && !settings.writes',
    to: 'false',
    tool: 'issue_refund',
    caughtBy: 'refuses to write while MCP_WRITES is off',
  },
  {
    title: 'tools/list shows everything',
    file: 'src/kernel/runtime.ts',
    from: 'mayCall(tool.policy, caller)',
    to: 'true',
    tool: 'get_invoice',
    caughtBy: 'refuses a caller without the scope invoices:read',
  },
  {
    title: 'arguments are not validated',
    file: 'src/kernel/pipeline/call-tool.ts',
    from: 'validateArguments(loaded.tool, validators.input, trail.arguments)',
    to: 'trail.arguments',
    tool: 'get_invoice',
    caughtBy: 'refuses invoice_id that is missing',
  },
  {
    title: 'declared errors are not looked at',
    file: 'src/kernel/upstream/outcome.ts',
    from: 'if (declared !== undefined) return',
    to: 'if (declared === null) return',
    tool: 'get_invoice',
    caughtBy: 'answers INVOICE_NOT_FOUND when the upstream answers 404',
  },
  {
    title: 'path segments are not encoded as declared',
    file: 'src/generated/tools/issue_refund.ts',
    from: "'refunds'",
    to: "'payments'",
    tool: 'issue_refund',
    caughtBy: 'makes the declared request once, and answers with its result',
  },
  {
    title: 'a call is sent without being marked SENT',
    file: 'src/kernel/pipeline/write-path.ts',
    from: '    await markSent(store, operation);\n',
    to: '',
    tool: 'issue_refund',
    caughtBy: 'is never sent again after the server was killed',
  },
  {
    title: 'an expired lease means: run it again',
    file: 'src/kernel/idempotency/transitions.ts',
    from: "lapsed ? { ...operation, state: 'unknown',",
    to: "lapsed ? { ...operation, state: 'claimed',",
    tool: 'issue_refund',
    caughtBy: 'is never sent again after the server was killed',
  },
  {
    title: 'an ambiguous outcome frees the key',
    file: 'src/kernel/pipeline/conclude.ts',
    from: "return { state: 'unknown', answer };",
    to: "return { state: 'released', answer };",
    tool: 'issue_refund',
    caughtBy: 'is never sent again when the connection breaks',
  },
  {
    title: 'a time-out counts as not executed',
    file: 'src/kernel/upstream/send.ts',
    from: "kind: connected ? 'lost' : 'not-sent'",
    to: "kind: 'not-sent'",
    tool: 'issue_refund',
    caughtBy: 'is never sent again when the upstream does not answer in time',
  },
  {
    title: 'a handler that failed is taken for one that did nothing',
    file: 'src/kernel/pipeline/execute-tool.ts',
    from: "{ kind: 'ambiguous', error: internal(operationId, 'unknown') }",
    to: "{ kind: 'not-sent', error: internal(operationId, 'unknown') }",
    example: 'retail',
    tool: 'cancel_pending_order',
    caughtBy: 'is never sent again when the connection breaks',
  },
  {
    title: 'a handler that is over its deadline is taken for one that did nothing',
    file: 'src/kernel/pipeline/write-path.ts',
    from: "{ state: 'unknown', answer: unknown }",
    to: "{ state: 'released', answer: unknown }",
    example: 'retail',
    tool: 'cancel_pending_order',
    caughtBy: 'is never sent again when the upstream does not answer in time',
  },
  {
    title: 'ctx.fail is an error like any other',
    file: 'src/kernel/pipeline/run-handler.ts',
    from: '    if (error instanceof DeclaredFailure) return error.execution;\n',
    to: '',
    example: 'retail',
    tool: 'cancel_pending_order',
    caughtBy: 'answers ORDER_NOT_PENDING when its handler fails so',
  },
  {
    title: 'nothing is remembered of an operation that is done',
    file: 'src/kernel/idempotency/transitions.ts',
    from: 'return whenDone(operation, claim, at);',
    to: 'return claimed(takenOver(operation, claim, at));',
    tool: 'issue_refund',
    caughtBy: 'has one effect when called twice, and repeats its answer, marked',
  },
  {
    title: 'a call under way is no obstacle',
    file: 'src/kernel/idempotency/transitions.ts',
    from: "    case 'sent':\n      return inProgress(operation, at);",
    to: "    case 'sent':\n      return claimed(takenOver(operation, claim, at));",
    tool: 'issue_refund',
    caughtBy: 'has one effect when called twenty times at once',
  },
  {
    title: 'fingerprints are not compared',
    file: 'src/kernel/idempotency/transitions.ts',
    from: 'if (current.fingerprint !== claim.fingerprint) {',
    to: 'if (current.fingerprint === null) {',
    tool: 'issue_refund',
    caughtBy: 'refuses other arguments under the same key',
  },
  {
    title: 'callers share their keys',
    file: 'src/kernel/pipeline/identify-effect.ts',
    from: 'return hashKey({ tenant, subject, server,',
    to: 'return hashKey({ tenant, subject: subject.slice(0, 0), server,',
    tool: 'issue_refund',
    caughtBy: 'has an effect for each caller, whatever others called',
  },
  {
    title: 'a replay is not marked',
    file: 'src/kernel/pipeline/reply.ts',
    from: "...(replayed ? { 'hardened-mcp/replayed': true } : {}),",
    to: '',
    tool: 'issue_refund',
    caughtBy: 'has one effect when called twice, and repeats its answer, marked',
  },
  {
    title: 'a call without an idempotency key gets one of its own',
    file: 'src/kernel/pipeline/identify-effect.ts',
    from: 'if (key === undefined) throw new Refusal(keyRequired());',
    to: 'if (key === undefined) return crypto.randomUUID();',
    tool: 'add_credit_note',
    caughtBy: 'refuses a call without an idempotency key',
  },
  {
    title: 'setting a value is never safe to send again',
    file: 'src/generated/tools/update_customer_email.ts',
    from: "recovery: 'send-again'",
    to: "recovery: 'quarantine'",
    tool: 'update_customer_email',
    caughtBy: 'is safe to send again when the connection breaks',
  },
  {
    title: 'reads claim a key',
    file: 'src/kernel/pipeline/call-tool.ts',
    from: '  if (idempotency === undefined) return read(checked);',
    to: '  await kernel.writePath?.ping();\n  if (idempotency === undefined) return read(checked);',
    tool: 'get_invoice',
    caughtBy: 'never touches the store',
  },
];

for (const { title, example, tool, caughtBy, ...change } of broken) {
  test(`a generated test fails where ${title}`, { timeout: 60_000 }, async () => {
    const project = await copyProject(example === 'retail' ? retail : billing);
    onTestFinished(() => project.remove());
    await breakFile(project, change);
    const { failed } = await runTests(project, { file: `tools/${tool}.test.ts`, title: caughtBy });
    expect(failed).toEqual([caughtBy]);
  });
}

test('every generated test passes where nothing is broken', { timeout: 120_000 }, async () => {
  expect(await runTests(billing)).toMatchObject({ passed: true, failed: [] });
});
