/** What the generated tests are told about a tool's guards. */
import { expect, test } from 'vitest';

import type { PreconditionModel, RequirementModel } from '../../src/model/guards.ts';
import type { ProjectModel } from '../../src/model/project.ts';
import { hasLimits, limitsTestView } from '../../src/render/views/limits-test.ts';
import { approvalCase, preconditionCases } from '../../src/render/views/tool-test-guards.ts';
import { toolTestView } from '../../src/render/views/tool-test.ts';
import { guardedTool, makeModel, readTool, writeTool } from '../render/model-fixture.ts';

const { samples } = writeTool();
const precondition = (...require: readonly RequirementModel[]): PreconditionModel => ({
  request: readRequest(),
  require,
  code: 'CLOSED',
  message: ['Closed.'],
  suggestedAction: undefined,
});

function readRequest(): PreconditionModel['request'] {
  const { request } = readTool();
  if (request === undefined) throw new Error('the tool that reads has a request');
  return request;
}

const casesOf = (...preconditions: readonly PreconditionModel[]) =>
  preconditionCases(guardedTool({ preconditions }), { id: 'a1' });
const body = (pointer: string) => ({ from: 'response.body', pointer }) as const;
const argument = { kind: 'expression', expression: { from: 'args', pointer: '/id' } } as const;
const literal = (value: string | number) => ({ kind: 'literal', value }) as const;

test('an answer for which a precondition holds has every value in its place', () => {
  const cases = casesOf(
    precondition(
      { value: body('/data/id'), equals: argument },
      { value: body('/data/tags/0'), equals: literal('open') },
      { value: { from: 'response.header', name: 'x-state' }, equals: literal('live') },
      { value: { from: 'response.status' }, equals: literal(203) },
      { value: body('/data/size'), matches: 'precondition1', sample: 7 },
    ),
  );
  expect(cases).toEqual([
    {
      code: 'CLOSED',
      holds: { status: 203, headers: { 'x-state': 'live' }, body: { data: { id: 'a1', tags: ['open'], size: 7 } } },
      fails: { status: 404, headers: undefined, body: undefined },
    },
  ]);
});

test('what holds where nothing is there does not where something is', () => {
  const cases = casesOf(precondition({ value: { from: 'response.status' }, equals: literal(404) }));
  expect(cases).toMatchObject([{ holds: { status: 404 }, fails: { status: 200 } }]);
});

test('an answer that only the running server could make gives no cases', () => {
  const key = { kind: 'expression', expression: { from: 'operation.key' } } as const;
  const known = precondition({ value: body('/a'), equals: literal(1) });
  expect(casesOf(known, precondition({ value: body('/key'), equals: key }))).toEqual([]);
});

test('a yes is asked for with arguments that need one; the others need none', () => {
  const needing = { id: 'large' };
  const conditional = guardedTool({ samples: { ...samples, needingApproval: needing } });
  const always = guardedTool({ samples: { ...samples, needingApproval: samples.accepted[0] } });
  expect(approvalCase(conditional, { id: 'a' })).toEqual({
    arguments: needing,
    scope: 'notes:write',
    isConditional: true,
  });
  expect(approvalCase(always, { id: 'a' })).toMatchObject({ arguments: { id: 'a' }, isConditional: false });
  expect(approvalCase(writeTool(), { id: 'a' })).toBeUndefined();
});

test('a cap is reached by another effect, where one is known', () => {
  const other = { id: 'b' };
  const viewOf = (tool: Parameters<typeof guardedTool>[0]) => toolTestView(guardedTool(tool), makeModel());
  expect(viewOf({ samples: { ...samples, otherKeyArguments: other } }).beyondCap).toEqual(other);
  expect(viewOf({ samples }).beyondCap).toBeUndefined();
  expect(viewOf({ samples: { ...samples, otherKeyArguments: other }, caps: undefined }).beyondCap).toBeUndefined();
});

test('a caller who gives the key reaches the cap with another key', () => {
  const idempotency = {
    strategy: 'caller-key',
    recovery: 'quarantine',
    upstreamKey: undefined,
    lookup: undefined,
  } as const;
  const { beyondCap, subject } = toolTestView(guardedTool({ idempotency }), makeModel());
  expect(beyondCap).toHaveProperty('idempotency_key');
  expect(beyondCap?.['idempotency_key']).not.toBe(subject.arguments['idempotency_key']);
});

test('a test file imports the checks that it makes, and no others', () => {
  const asked = guardedTool({ samples: { ...samples, needingApproval: { id: 'x' }, otherKeyArguments: { id: 'b' } } });
  expect(toolTestView(asked, makeModel()).guardChecks).toBe(
    'checkApproved, checkDenied, checkNotAsked, checkCapped, checkPrecondition, type PreconditionCase',
  );
  expect(toolTestView(writeTool(), makeModel()).guardChecks).toBe('');
});

test('limits over all tools are reached by calls that are known, and are not tested by others', () => {
  const other = { id: 'b' };
  const capped = guardedTool({ samples: { ...samples, otherKeyArguments: other } });
  const writes = { perRun: 1, perHour: undefined, perDay: undefined, per: 'server' } as const;
  const viewOf = (limits: ProjectModel['limits'], tools: ProjectModel['tools']) =>
    limitsTestView(makeModel({ limits, tools }));
  const both = viewOf({ requestsPerMinute: 9, writes }, [readTool(), guardedTool({ samples }), capped]);
  expect(both.limited?.tool).toBe('get_note');
  expect(both.capped).toMatchObject({ subject: { tool: 'add_note' }, otherArguments: other });
  expect(both.checks).toBe('checkRequestRate, checkWritesTogether');
  expect(viewOf({ requestsPerMinute: undefined, writes }, [readTool()]).checks).toBe('');
  expect(hasLimits(makeModel())).toBe(false);
});
