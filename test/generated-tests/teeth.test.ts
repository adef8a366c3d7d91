/** A guard that somebody takes out of the server must be missed by the tests that the server was generated with. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { breakFile, copyProject, createProject, runTests, type Change, type Project } from './project.ts';

/** Declared tools; handlers; every way to recover and every guard. */
let projects: Readonly<Record<'billing' | 'retail' | 'recovery', Project>>;

beforeAll(async () => {
  const [billing, retail, recovery] = await Promise.all([
    createProject('billing'),
    createProject('retail'),
    createProject('recovery'),
  ]);
  projects = { billing, retail, recovery };
}, 60_000);

afterAll(() => Promise.all(Object.values(projects).map((project) => project.remove())));

interface Broken extends Change {
  readonly title: string;
  /** The generated test that must fail, and the tool it is about; absent: none in particular. */
  readonly caughtBy: string;
  readonly tool?: string;
  /** Where the tool is of that project; absent: of billing. */
  readonly example?: 'retail' | 'recovery';
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
    from: "args('/invoice_id'), 'refunds'",
    to: "args('/invoice_id'), 'payments'",
    tool: 'issue_refund',
    caughtBy: 'makes the declared request once, and answers with its result',
  },
  {
    title: 'a call is sent without being marked SENT',
    file: 'src/kernel/pipeline/execute-claimed.ts',
    from: 'await orRefuse(() => store.markSent(operation, ready.digest))',
    to: "'sent' as string",
    tool: 'add_credit_note',
    caughtBy: 'is never sent again after the server was killed',
  },
  {
    title: 'an expired lease means: run it again',
    file: 'src/kernel/idempotency/transitions/moment.ts',
    from: "lapsed ? { ...operation, state: 'unknown',",
    to: "lapsed ? { ...operation, state: 'claimed',",
    tool: 'add_credit_note',
    caughtBy: 'is never sent again after the server was killed',
  },
  {
    title: 'an ambiguous outcome frees the key',
    file: 'src/kernel/pipeline/conclude.ts',
    from: "return { state: 'unknown', answer };",
    to: "return { state: 'released', answer };",
    tool: 'add_credit_note',
    caughtBy: 'is never sent again when the connection breaks',
  },
  {
    title: 'a time-out counts as not executed',
    file: 'src/kernel/upstream/send.ts',
    from: "kind: connected ? 'lost' : 'not-sent'",
    to: "kind: 'not-sent'",
    tool: 'add_credit_note',
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
    file: 'src/kernel/pipeline/finish.ts',
    from: "record(underWay, {\n    state: 'unknown',",
    to: "record(underWay, {\n    state: 'released',",
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
    file: 'src/kernel/idempotency/transitions/begin.ts',
    from: 'return whenDone(operation, claim, at);',
    to: 'return claimed(takenOver(operation, claim, at));',
    tool: 'issue_refund',
    caughtBy: 'has one effect when called twice, and repeats its answer, marked',
  },
  {
    title: 'a call under way is no obstacle',
    file: 'src/kernel/idempotency/transitions/begin.ts',
    from: "    case 'sent':\n      return inProgress(operation, at);",
    to: "    case 'sent':\n      return claimed(takenOver(operation, claim, at));",
    tool: 'issue_refund',
    caughtBy: 'has one effect when called twenty times at once',
  },
  {
    title: 'fingerprints are not compared',
    file: 'src/kernel/idempotency/transitions/begin.ts',
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
    file: 'src/kernel/pipeline/claim.ts',
    from: "if (policy.strategy === 'natural')",
    to: 'if (policy.strategy === null)',
    tool: 'update_customer_email',
    caughtBy: 'is safe to send again when the connection breaks',
  },
  {
    title: "the upstream's key is another for each attempt",
    file: 'src/kernel/pipeline/work.ts',
    from: 'operationKey: write.key',
    to: 'operationKey: crypto.randomUUID()',
    example: 'recovery',
    tool: 'pay_supplier',
    caughtBy: 'is sent again under the same key when the connection breaks',
  },
  {
    title: 'what an upstream with keys does not answer waits for a person',
    file: 'src/kernel/pipeline/claim.ts',
    from: 'if (upstreamKey === undefined) return',
    to: 'if (upstreamKey !== null) return',
    example: 'recovery',
    tool: 'book_courier',
    caughtBy: 'is sent again under the same key after the server was killed',
  },
  {
    title: 'what a look-up finds is not believed',
    file: 'src/kernel/pipeline/look-up.ts',
    from: "return { kind: 'found', result:",
    to: "if (request.method === 'GET') return { kind: 'not-found' };\n  return { kind: 'found', result:",
    example: 'recovery',
    tool: 'close_order',
    caughtBy: 'answers with what a look-up finds when the connection breaks',
  },
  {
    title: 'a look-up that comes too early is believed',
    file: 'src/kernel/pipeline/recover.ts',
    from: 'const lookup = lookupOf(tool);',
    to: 'const lookup = { ...lookupOf(tool), settleMs: 0 } as Lookup;',
    example: 'recovery',
    tool: 'close_order',
    caughtBy: 'is not sent again while the upstream may still be at work',
  },
  {
    title: 'nothing is read before a write',
    file: 'src/kernel/pipeline/execute-claimed.ts',
    from: "policy.strategy !== 'read-before-write'",
    to: "policy.strategy === 'read-before-write'",
    example: 'recovery',
    tool: 'add_comment',
    caughtBy: 'answers with what exists already, and sends nothing',
  },
  {
    title: 'finished steps are forgotten',
    file: 'src/kernel/pipeline/steps.ts',
    from: 'Object.hasOwn(operation.steps, name)',
    to: 'Object.hasOwn({}, name)',
    example: 'recovery',
    tool: 'split_order',
    caughtBy: 'goes on after its last step when the server was killed',
  },
  {
    title: 'nobody has to agree',
    file: 'src/kernel/pipeline/approval.ts',
    from: 'if (approval === undefined) return null;',
    to: 'if (approval !== null) return null;',
    example: 'recovery',
    tool: 'pay_supplier',
    caughtBy: 'is executed once an approver agreed, and not before',
  },
  {
    title: 'the condition of an approval is not asked',
    file: 'src/kernel/pipeline/approval.ts',
    from: 'if (when !== undefined && ',
    to: 'if (when === null && ',
    example: 'recovery',
    tool: 'pay_supplier',
    caughtBy: 'is executed at once where nobody has to agree',
  },
  {
    title: 'whoever asked may approve',
    file: 'src/kernel/idempotency/transitions/decide.ts',
    from: "approval.by === 'approver' && by === subject",
    to: 'by === null',
    example: 'recovery',
    tool: 'pay_supplier',
    caughtBy: 'is executed once an approver agreed, and not before',
  },
  {
    title: 'a no of the caller is not heard',
    file: 'src/kernel/pipeline/begin-write.ts',
    from: 'answer === undefined || answer.agreed',
    to: 'answer !== null',
    example: 'recovery',
    tool: 'close_order',
    caughtBy: 'is not executed once the caller refused',
  },
  {
    title: 'caps are not charged',
    file: 'src/kernel/pipeline/claim.ts',
    from: 'caps: capsOf(tool, call.caller, { realm: kernel.realm, allWrites: kernel.limits.writes }),',
    to: 'caps: [],',
    example: 'recovery',
    tool: 'add_comment',
    caughtBy: 'is refused beyond its cap',
  },
  {
    title: 'the window before is not looked at',
    file: 'src/kernel/idempotency/occurrence.ts',
    from: 'return before === windowAt(window, time) ? undefined : before;',
    to: 'return before === windowAt(window, time) ? before : undefined;',
    example: 'recovery',
    tool: 'pay_supplier',
    caughtBy: 'repeats its answer just after the end of its window, and has another effect later',
  },
  {
    title: 'windows never end',
    file: 'src/kernel/pipeline/identify-effect.ts',
    from: 'current: windowAt(occurrence, input.now), previous: windowWithinGrace(occurrence, input.now)',
    to: 'current: windowAt(occurrence, 0)',
    example: 'recovery',
    tool: 'pay_supplier',
    caughtBy: 'repeats its answer just after the end of its window, and has another effect later',
  },
  {
    title: 'preconditions are not asked',
    file: 'src/kernel/pipeline/preconditions.ts',
    from: 'if (precondition.require.every(',
    to: 'if (precondition.code !== "" || precondition.require.every(',
    example: 'recovery',
    tool: 'book_courier',
    caughtBy: 'answers ORDER_UNKNOWN while that does not hold, and is executed once it does',
  },
  {
    title: 'calls are not counted',
    file: 'src/kernel/pipeline/call-tool.ts',
    from: '  await admit(kernel, call.caller); // 6\n',
    to: '',
    example: 'recovery',
    caughtBy: 'refuses more calls in a minute than one principal may make',
  },
  {
    title: 'the caps over all tools are not charged',
    file: 'src/kernel/pipeline/caps.ts',
    from: "    ...asCaps(allWrites, [realm, 'all'], caller),\n",
    to: '',
    example: 'recovery',
    caughtBy: 'refuses writes beyond the cap over all tools',
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

for (const { title, example = 'billing', tool, caughtBy, ...change } of broken) {
  test(`a generated test fails where ${title}`, { timeout: 60_000 }, async () => {
    const project = await copyProject(projects[example]);
    onTestFinished(() => project.remove());
    await breakFile(project, change);
    const file = tool === undefined ? 'generated/limits.test.ts' : `tools/${tool}.test.ts`;
    const { failed } = await runTests(project, { file, title: caughtBy });
    expect(failed).toEqual([caughtBy]);
  });
}

test('every generated test passes where nothing is broken', { timeout: 120_000 }, async () => {
  expect(await runTests(projects.billing)).toMatchObject({ passed: true, failed: [] });
});
