/** A write has one effect, however often, however concurrently and after whatever failure it is called. */
import { expect } from 'vitest';

import type { JsonObject } from '../../../src/kernel/json.ts';
import { bytesOf, errorOf, isReplay, resultOf, succeeded } from './answer.ts';
import { callerFor } from './caller.ts';
import type { Reply } from './loopback.ts';
import { expectRecovery, prepareRecovery, type Recovery } from './recovery.ts';
import { replyTo } from './reply.ts';
import { startServer } from './server.ts';
import type { Subject } from './subject.ts';
import { awayFromWindowEnd } from './window.ts';

/** How long a call waits for an upstream that never answers: the tests wait as long. */
const PATIENCE_MS = 300;

const AN_HOUR_MS = 3_600_000;

/** The repeat answers with the same bytes, marked as a replay, and has no effect. */
export async function checkRepeat(subject: Subject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject) });
  const first = await server.call(subject);
  const second = await server.call(subject);
  resultOf(first);
  expect(isReplay(first)).toBe(false);
  expect(isReplay(second)).toBe(true);
  expect(bytesOf(second)).toBe(bytesOf(first));
  expect(server.upstream.received).toHaveLength(1);
}

/** Setting a value is no replay of having set it: meanwhile something else may have been set. */
export async function checkSetTwice(subject: Subject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject) });
  const first = await server.call(subject);
  const second = await server.call(subject);
  expect(resultOf(second)).toEqual(resultOf(first));
  expect(isReplay(second)).toBe(false);
  expect(server.upstream.received).toHaveLength(2);
}

/** Half of the calls come at once, half while the first is under way; one is executed, the others are told so. */
export async function checkAtOnce(subject: Subject, times: number): Promise<void> {
  const server = await startServer({ reply: 'hang' });
  const callHalf = () => Array.from({ length: times / 2 }, () => server.call(subject));
  const early = callHalf();
  await server.upstream.arrival(1);
  const calls = [...early, ...callHalf()];
  await Promise.race([allButOne(calls), server.upstream.arrival(2)]);
  server.upstream.answerWith(replyTo(subject));
  const answers = await Promise.all(calls);
  const failures = answers.filter((answer) => !succeeded(answer)).map((answer) => errorOf(answer).category);
  expect(failures).toEqual(Array.from({ length: times - 1 }, () => 'in_progress'));
  expect(server.upstream.received).toHaveLength(1);
}

/** Resolves when all are answered but the one that the upstream keeps waiting. */
async function allButOne(calls: readonly Promise<unknown>[]): Promise<void> {
  const allButOneAnswered = Promise.withResolvers<void>();
  let waiting = calls.length - 1;
  const countDown = async (call: Promise<unknown>): Promise<void> => {
    await call;
    waiting -= 1;
    if (waiting === 0) allButOneAnswered.resolve();
  };
  for (const call of calls) void countDown(call);
  await allButOneAnswered.promise;
}

/** Other arguments under the same key are refused, not answered with the first call's result. */
export async function checkConflict(subject: Subject, otherArguments: JsonObject): Promise<void> {
  await awayFromWindowEnd();
  const server = await startServer({ reply: replyTo(subject) });
  resultOf(await server.call(subject));
  const error = errorOf(await server.call(subject, { arguments: otherArguments }));
  expect(error).toMatchObject({ category: 'idempotency_conflict', retryable: false, executed: 'no' });
  expect(server.upstream.received).toHaveLength(1);
}

/** What one caller did neither answers nor blocks another's call. */
export async function checkOtherCaller(subject: Subject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject) });
  resultOf(await server.call(subject));
  const other = await server.call(subject, { caller: { ...callerFor(subject), subject: 'somebody-else' } });
  resultOf(other);
  expect(isReplay(other)).toBe(false);
  expect(server.upstream.received).toHaveLength(2);
}

/** The upstream read the request, and no answer came back. */
export async function checkNoAnswer(subject: Subject, recovery: Recovery, reply: Reply): Promise<void> {
  const server = await startServer({ reply, patienceMs: PATIENCE_MS });
  const error = errorOf(await server.call(subject));
  expect(error.executed).toBe('unknown');
  expect(server.upstream.received).toHaveLength(1);
  server.upstream.answerWith(replyTo(subject));
  prepareRecovery(server, subject, recovery);
  await expectRecovery(server, subject, recovery, await server.call(subject));
}

/** `read-before-write`: what exists is the answer, and nothing is sent. */
export async function checkExistsAlready(subject: Subject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject) });
  prepareRecovery(server, subject, 'found');
  expect(resultOf(await server.call(subject))).toEqual(subject.found?.result);
  expect(isReplay(await server.call(subject))).toBe(true);
  expect(server.upstream.received).toEqual([]);
}

/** An upstream that may still be at work proves nothing by not having the effect yet. */
export async function checkTooEarly(subject: Subject): Promise<void> {
  const server = await startServer({ reply: 'reset', settleMs: AN_HOUR_MS });
  errorOf(await server.call(subject));
  server.upstream.answerWith(replyTo(subject));
  expect(errorOf(await server.call(subject))).toMatchObject({ category: 'outcome_unknown', executed: 'unknown' });
  expect(server.upstream.received).toHaveLength(1);
}

/** A call that does not say which operation it means is refused, with the argument that says so. */
export async function checkKeyRequired(subject: Subject, argumentsWithoutKey: JsonObject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject) });
  const error = errorOf(await server.call(subject, { arguments: argumentsWithoutKey }));
  expect(error).toMatchObject({ category: 'invalid_input', field: '/idempotency_key', executed: 'no' });
  expect(server.upstream.received).toEqual([]);
}

/** Setting A, then B, then A again means it: the last call is no repeat of the first. */
export async function checkSetAgain(subject: Subject, anotherValue: JsonObject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject) });
  resultOf(await server.call(subject));
  resultOf(await server.call(subject, { arguments: anotherValue }));
  const again = await server.call(subject);
  resultOf(again);
  expect(isReplay(again)).toBe(false);
  expect(server.upstream.received).toHaveLength(3);
}
