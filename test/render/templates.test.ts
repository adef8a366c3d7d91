import { readFile } from 'node:fs/promises';

import Handlebars from 'handlebars';
import { expect, test } from 'vitest';

import type { CredentialModel, ProjectModel } from '../../src/model/project.ts';
import { files, type FileRow } from '../../src/render/files.ts';
import { HELPER_NAMES } from '../../src/render/handlebars.ts';
import { PROJECT_TEMPLATES } from '../../src/render/package-root.ts';
import { guardedTool, makeModel, QUARANTINE, readTool, writeTool } from './model-fixture.ts';

/**
 * Walks a template beside the views it is given, and names every path that a view lacks. `strict` would throw
 * for most of them, but not for those in `#if` and `#each`, which then silently leave something out.
 */
function missingPaths(program: hbs.AST.Program, views: readonly unknown[]): readonly string[] {
  return program.body.flatMap((statement) => {
    if (statement.type === 'MustacheStatement') return inCall(statement as hbs.AST.MustacheStatement, views);
    if (statement.type !== 'BlockStatement') return [];
    const block = statement as hbs.AST.BlockStatement;
    const [subject] = block.params;
    const name = (block.path as hbs.AST.PathExpression).original;
    const values = views.map((view) => valueOf(subject as hbs.AST.PathExpression, view));
    const inner = name === 'each' ? values.flatMap((value) => [...((value ?? []) as readonly unknown[])]) : views;
    return [
      ...block.params.flatMap((parameter) => inExpression(parameter, views)),
      ...missingPaths(block.program, name === 'if' ? views.filter((_, at) => isTrue(values[at])) : inner),
      ...(block.inverse ? missingPaths(block.inverse, views) : []),
    ];
  });
}

function inCall(call: hbs.AST.MustacheStatement, views: readonly unknown[]): readonly string[] {
  const helper = (call.path as hbs.AST.PathExpression).original;
  if (call.params.length === 0) {
    return HELPER_NAMES.includes(helper)
      ? [`${helper}: the helper hides the view's member`]
      : inExpression(call.path, views);
  }
  const unknown = HELPER_NAMES.includes(helper) ? [] : [`helper ${helper}`];
  return [...unknown, ...call.params.flatMap((parameter) => inExpression(parameter, views))];
}

function inExpression(expression: hbs.AST.Expression, views: readonly unknown[]): readonly string[] {
  if (expression.type !== 'PathExpression') return [`${expression.type}: only paths are allowed`];
  const path = expression as hbs.AST.PathExpression;
  if (path.depth > 0 || path.data) return [`${path.original}: only paths into the own view are allowed`];
  const lacking = views.filter((view) => !has(view, path.parts as readonly string[]));
  return lacking.length > 0 ? [path.original] : [];
}

function has(view: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  if (typeof view !== 'object' || view === null || !Object.hasOwn(view, first)) return false;
  return has(Reflect.get(view, first), rest);
}

function valueOf(path: hbs.AST.PathExpression, view: unknown): unknown {
  return (path.parts as readonly string[]).reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    view,
  );
}

const isTrue = (value: unknown): boolean => Boolean(value) && !(Array.isArray(value) && value.length === 0);

const CREDENTIALS: readonly CredentialModel[] = [
  { type: 'provider' },
  {
    type: 'oauth-client-credentials',
    tokenUrl: { env: 'T' },
    clientId: 'notes',
    clientSecret: { secret: 'S' },
    audience: undefined,
    resource: undefined,
    scopes: undefined,
  },
  {
    type: 'oauth-token-exchange',
    tokenUrl: { env: 'T' },
    clientId: 'notes',
    clientSecret: { secret: 'S' },
    audience: undefined,
    resource: undefined,
    scopes: undefined,
    actorToken: { secret: 'A' },
  },
];

function withCredentials({ upstreams, ...model }: ProjectModel): ProjectModel {
  const given = upstreams.flatMap((upstream) => CREDENTIALS.map((credential) => ({ ...upstream, credential })));
  return { ...model, upstreams: given };
}

const models: readonly ProjectModel[] = [
  withCredentials(makeModel({ tools: [readTool({ upstreamScopes: ['a'] }), writeTool({ upstreamScopes: ['a'] })] })),
  makeModel(),
  makeModel({ roles: [], upstreams: [], store: undefined, tools: [readTool()] }),
  makeModel({ auth: { issuer: { env: 'I' }, audience: { env: 'A' }, claims: { roles: 'roles' } } }),
  makeModel({ store: 'postgres' }),
  makeModel({ store: 'redis' }),
  makeModel({ traces: 'opentelemetry', audit: { store: 'sqlite', retentionMs: 1 } }),
  makeModel({ tools: [writeTool({ idempotency: { strategy: 'natural', recovery: 'send-again' } })] }),
  makeModel({ tools: [writeTool({ idempotency: { strategy: 'caller-key', ...QUARANTINE } })] }),
  makeModel({
    limits: {
      requestsPerMinute: 60,
      writes: { perRun: undefined, perHour: undefined, perDay: 5, per: 'principal' },
    },
    operationsScope: 'notes:operate',
    tools: [guardedTool({ samples: { ...writeTool().samples, otherKeyArguments: { id: 'b' } } })],
  }),
];
const context = { generator: '1.2.3', packageManager: 'npm', dependencies: {} } as const;

function viewsOf(row: FileRow): readonly unknown[] {
  return models.flatMap((model): readonly unknown[] =>
    row.each === 'project'
      ? [row.view?.(model, context)]
      : row.each === 'tool'
        ? model.tools.map((tool) => row.view(tool, model))
        : model.upstreams.map((upstream) => row.view(upstream)),
  );
}

const rendered = files.filter((row) => row.source.endsWith('.hbs'));

test.each(rendered)('$source names only what its view has', async (row) => {
  const program = Handlebars.parse(await readFile(new URL(row.source, PROJECT_TEMPLATES), 'utf8'));
  expect(missingPaths(program, viewsOf(row))).toEqual([]);
});

test.each(rendered)('$source nests conditions less than three deep', async (row) => {
  const program = Handlebars.parse(await readFile(new URL(row.source, PROJECT_TEMPLATES), 'utf8'));
  expect(conditionDepth(program)).toBeLessThan(3);
});

function conditionDepth(program: hbs.AST.Program | undefined): number {
  const blocks = (program?.body ?? []).filter((statement) => statement.type === 'BlockStatement');
  const depths = (blocks as hbs.AST.BlockStatement[]).map((block) => {
    const own = (block.path as hbs.AST.PathExpression).original === 'if' ? 1 : 0;
    return own + Math.max(conditionDepth(block.program), conditionDepth(block.inverse));
  });
  return Math.max(0, ...depths);
}

test('a row that is rendered has a view, and any other has none', () => {
  for (const row of files)
    expect([row.source, row.view !== undefined]).toEqual([row.source, row.source.endsWith('.hbs')]);
});
