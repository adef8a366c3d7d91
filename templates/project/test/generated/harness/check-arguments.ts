/** What the schema lets through reaches the upstream as declared; what it does not reaches nothing. */
import { expect } from 'vitest';

import type { JsonObject, JsonValue } from '../../../src/kernel/json.ts';
import { errorOf, resultOf } from './answer.ts';
import type { ReceivedRequest } from './loopback.ts';
import { replyTo } from './reply.ts';
import { startServer } from './server.ts';
import type { Subject } from './subject.ts';
import { untouchableWritePath } from './untouchable-store.ts';

/** The HTTP request that the manifest declares for the subject's arguments; what is absent is not compared. */
export interface ExpectedRequest {
  readonly method: string;
  /** Percent-encoded. */
  readonly path?: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly body?: JsonValue;
}

/** One call has one effect, the declared one, and answers with the upstream's result. */
export async function checkAccepted(subject: Subject, expected?: ExpectedRequest): Promise<void> {
  const server = await startServer({ reply: replyTo(subject) });
  const answer = await server.call(subject);
  const result = resultOf(answer);
  if (subject.result !== undefined) expect(result).toEqual(subject.result);
  if (answer.structuredContent !== undefined) expect(answer.structuredContent).toEqual(result);
  expect(server.upstream.received).toHaveLength(1);
  const [request] = server.upstream.received;
  if (request !== undefined && expected !== undefined) expectRequest(request, expected);
}

function expectRequest(request: ReceivedRequest, expected: ExpectedRequest): void {
  expect(request.method).toBe(expected.method);
  if (expected.path !== undefined) expect(request.path).toBe(expected.path);
  if (expected.query !== undefined) expect(request.query).toEqual(expected.query);
  if (expected.body !== undefined) expect(JSON.parse(request.body)).toEqual(expected.body);
}

/** A read is answered although every use of the store fails. */
export async function checkNoStore(subject: Subject): Promise<void> {
  const { writePath, touches } = untouchableWritePath();
  const server = await startServer({ reply: replyTo(subject), writePath });
  resultOf(await server.call(subject));
  expect(touches).toEqual([]);
}

/** Arguments that break one rule of the schema. */
export interface RejectedArguments {
  readonly title: string;
  readonly arguments: JsonObject;
  /** JSON Pointer of the field at fault. */
  readonly field: string;
  /** The JSON Schema keyword that it breaks. */
  readonly rule: string;
}

/** Refused as invalid input that names field and rule, before the store or the upstream hear of it. */
export async function checkRejected(subject: Subject, rejected: RejectedArguments): Promise<void> {
  const { writePath, touches } = untouchableWritePath();
  const server = await startServer({ reply: replyTo(subject), writePath });
  const error = errorOf(await server.call(subject, { arguments: rejected.arguments }));
  expect(error).toMatchObject({ category: 'invalid_input', retry: 'after_fix', executed: 'no' });
  expect(error.violations).toContainEqual(expect.objectContaining({ field: rejected.field, rule: rejected.rule }));
  expect(server.upstream.received).toEqual([]);
  expect(touches).toEqual([]);
}
