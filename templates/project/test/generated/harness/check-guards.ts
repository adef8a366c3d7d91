/** What stands between a call and its effect: a person who agrees, a cap, a state of the upstream. */
import { expect } from 'vitest';

import type { JsonObject } from '../../../src/kernel/json.ts';
import type { Question } from '../../../src/kernel/pipeline/call.ts';
import { errorOf, isReplay, resultOf } from './answer.ts';
import { callerFor } from './caller.ts';
import type { HttpReply } from './loopback.ts';
import { replyTo } from './reply.ts';
import { startServer, type TestServer } from './server.ts';
import type { Subject } from './subject.ts';
import { precondition } from './under-test.ts';

/** Refused until an approver says yes; then executed once. Whoever asked cannot say it. */
export async function checkApproved(subject: Subject, scope: string): Promise<void> {
  const server = await startServer({ reply: replyTo(subject), guard: 'approval' });
  const id = await refusedUntilApproved(server, subject);
  const desk = server.operations();
  const requester = { caller: { ...callerFor(subject), scopes: new Set([scope]) }, over: 'command_line' } as const;
  await expect(desk.decide(requester, id, { approve: true })).rejects.toThrow('OWN_REQUEST');
  await expect(desk.decide(approver(subject, []), id, { approve: true })).rejects.toThrow('SCOPE_MISSING');
  await refusedUntilApproved(server, subject);
  await desk.decide(approver(subject, [scope]), id, { approve: true });
  resultOf(await server.call(subject));
  expect(isReplay(await server.call(subject))).toBe(true);
  expect(server.upstream.received).toHaveLength(1);
}

/** After a no, the call is refused for good. */
export async function checkDenied(subject: Subject, scope: string): Promise<void> {
  const server = await startServer({ reply: replyTo(subject), guard: 'approval' });
  const id = await refusedUntilApproved(server, subject);
  await server.operations().decide(approver(subject, [scope]), id, { approve: false });
  expect(errorOf(await server.call(subject))).toMatchObject({ code: 'APPROVAL_DENIED', executed: 'no' });
  expect(server.upstream.received).toEqual([]);
}

function approver(subject: Subject, scopes: readonly string[]) {
  const caller = { ...callerFor(subject), subject: 'an-approver', scopes: new Set(scopes) };
  return { caller, over: 'command_line' } as const;
}

/** The id of the operation that waits. */
async function refusedUntilApproved(server: TestServer, subject: Subject): Promise<string> {
  const error = errorOf(await server.call(subject));
  expect(error).toMatchObject({ category: 'approval_required', retry: 'after_approval', executed: 'no' });
  expect(server.upstream.received).toEqual([]);
  return error.operation_id ?? '';
}

/** The caller is asked in the client; a client that cannot ask gets no effect. */
export async function checkAsked(subject: Subject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject), guard: 'approval' });
  await refusedUntilApproved(server, subject);
  const question = await questionOf(server, subject);
  expect(question.summary).not.toBe('');
  resultOf(await server.call(subject, { consent: { ...question, agreed: true } }));
  expect(isReplay(await server.call(subject))).toBe(true);
  expect(server.upstream.received).toHaveLength(1);
}

export async function checkRefusedByCaller(subject: Subject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject), guard: 'approval' });
  const question = await questionOf(server, subject);
  const error = errorOf(await server.call(subject, { consent: { ...question, agreed: false } }));
  expect(error).toMatchObject({ code: 'APPROVAL_DENIED', executed: 'no' });
  expect(server.upstream.received).toEqual([]);
}

async function questionOf(server: TestServer, subject: Subject): Promise<Question> {
  const asked: Question[] = [];
  expect(errorOf(await server.call(subject, { ask: (question) => asked.push(question) }))).toMatchObject({
    category: 'approval_required',
  });
  const [question] = asked;
  if (question === undefined) throw new Error('nobody was asked');
  return question;
}

/** The condition in the manifest leaves this call out. */
export async function checkNotAsked(subject: Subject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject), guard: 'approval' });
  resultOf(await server.call(subject));
  expect(server.upstream.received).toHaveLength(1);
}

/** With every cap at one: the second effect is refused, and the first still answers its repeats. */
export async function checkCapped(subject: Subject, otherArguments: JsonObject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject), guard: 'caps' });
  resultOf(await server.call(subject));
  const error = errorOf(await server.call(subject, { arguments: otherArguments }));
  expect(error).toMatchObject({ category: 'cap_exceeded', retryable: false, executed: 'no' });
  expect(isReplay(await server.call(subject))).toBe(true);
  expect(server.upstream.received).toHaveLength(1);
}

/** What the upstream is asked first, and two answers: one that holds, and one that does not. */
export interface PreconditionCase {
  readonly code: string;
  readonly holds: HttpReply;
  readonly fails: HttpReply;
}

/** Executed where all of them hold; refused with the code of the one that does not. */
export async function checkPrecondition(
  subject: Subject,
  cases: readonly PreconditionCase[],
  failing: number,
): Promise<void> {
  const server = await startServer({ reply: replyTo(subject), guard: 'preconditions' });
  for (const [index, { holds }] of cases.entries()) server.upstream.answerReadsWith(precondition(index), holds);
  const { code = '', fails = { status: 404 } } = cases[failing] ?? {};
  server.upstream.answerReadsWith(precondition(failing), fails);
  const error = errorOf(await server.call(subject));
  expect(error).toMatchObject({ code, category: 'failed_precondition', retryable: false, executed: 'no' });
  expect(server.upstream.received).toEqual([]);
  for (const [index, { holds }] of cases.entries()) server.upstream.answerReadsWith(precondition(index), holds);
  resultOf(await server.call(subject));
  expect(server.upstream.received).toHaveLength(1);
}
