/** A small project with one tool of each kind, for tests of what is rendered from it. */
import type { RecoveryModel } from '../../src/model/guards.ts';
import type { ProjectModel, RequestModel, ToolModel } from '../../src/model/project.ts';

export function makeModel(overrides: Partial<ProjectModel> = {}): ProjectModel {
  return {
    manifestFile: 'hardened-mcp.yaml',
    server: {
      name: 'notes',
      title: 'Notes',
      version: '1.0.0',
      instructions: 'Read freely.',
      transports: ['stdio', 'http'],
    },
    auth: undefined,
    scopes: [
      { name: 'notes:read', description: 'Read notes', implies: [] },
      { name: 'notes:write', description: 'Write notes', implies: ['notes:read'] },
    ],
    roles: [{ name: 'editor', scopes: ['notes:write'] }],
    upstreams: [
      {
        name: 'notes',
        baseUrl: { env: 'NOTES_URL' },
        allowedHosts: ['notes.example'],
        addresses: 'public',
        credential: { type: 'bearer', token: { secret: 'NOTES_TOKEN' } },
        sendsTrace: false,
        timeoutMs: 10_000,
        attempts: 3,
        maxDelayMs: 5_000,
        maxResponseBytes: 1_000_000,
      },
    ],
    store: 'sqlite',
    retentionMs: 86_400_000,
    limits: { requestsPerMinute: undefined, writes: undefined },
    audit: undefined,
    traces: undefined,
    operationsScope: undefined,
    tools: [readTool(), writeTool()],
    ...overrides,
  };
}

/** Declared: `GET /v1/notes/{id}`. */
export function readTool(overrides: Partial<ToolModel> = {}): ToolModel {
  return {
    ...commonTool('get_note', { file: 'get_note', identifier: 'getNote', type: 'GetNote' }),
    kind: 'declared',
    mutability: 'read-only',
    scopes: ['notes:read'],
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    request: {
      upstream: 'notes',
      method: 'GET',
      path: [['v1'], ['notes'], [{ from: 'args', pointer: '/id' }]],
      query: undefined,
      headers: undefined,
      body: undefined,
      contentType: 'json',
      result: { from: 'response.body', pointer: '/data' },
    },
    errors: [
      {
        code: 'NOTE_NOT_FOUND',
        category: 'not_found',
        message: ['Note ', { from: 'args', pointer: '/id' }, ' was not found.'],
        suggestedAction: undefined,
        retryAfter: undefined,
        executed: undefined,
        terminal: false,
        when: { status: [404], condition: undefined, sampleBody: undefined },
      },
    ],
    ...overrides,
  };
}

/** A handler that writes under a derived key. */
export function writeTool(overrides: Partial<ToolModel> = {}): ToolModel {
  return {
    ...commonTool('add_note', { file: 'add_note', identifier: 'addNote', type: 'AddNote' }),
    kind: 'handler',
    mutability: 'additive',
    scopes: ['notes:write'],
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    idempotency: {
      strategy: 'derived-key',
      key: [{ from: 'args', pointer: '/id' }],
      occurrence: { every: 'day', timezone: 'UTC' },
      ...QUARANTINE,
    },
    ...overrides,
  };
}

/** A handler with every guard that a write may have. */
export function guardedTool(overrides: Partial<ToolModel> = {}): ToolModel {
  const request: RequestModel = {
    upstream: 'notes',
    method: 'GET',
    path: [['v1'], ['notes']],
    query: { key: { kind: 'expression', expression: { from: 'operation.key' } } },
    headers: undefined,
    body: undefined,
    contentType: 'json',
    result: { from: 'response.body', pointer: '/data' },
  };
  return writeTool({
    idempotency: {
      strategy: 'read-before-write',
      key: [{ from: 'args', pointer: '/id' }],
      occurrence: undefined,
      recovery: 'resend',
      upstreamKey: { place: 'header', name: 'Idempotency-Key', retentionMs: 3_600_000 },
      lookup: { request, found: 'found', settleMs: 5_000 },
    },
    approval: {
      when: 'approval',
      by: 'approver',
      scope: 'notes:write',
      expiresMs: 900_000,
      summary: ['Add ', { from: 'args', pointer: '/id' }],
    },
    caps: { perRun: undefined, perHour: 5, perDay: undefined, per: 'principal' },
    preconditions: [
      {
        request: { ...request, query: undefined },
        require: [
          {
            value: { from: 'response.body', pointer: '/state' },
            equals: { kind: 'expression', expression: { from: 'args', pointer: '/id' } },
          },
          { value: { from: 'response.status' }, matches: 'precondition1', sample: 200 },
        ],
        code: 'NOTES_CLOSED',
        message: ['Notes are closed.'],
        suggestedAction: undefined,
      },
    ],
    ...overrides,
  });
}

/** An unknown outcome waits for a person. */
export const QUARANTINE: RecoveryModel = { recovery: 'quarantine', upstreamKey: undefined, lookup: undefined };

function commonTool(
  name: string,
  names: ToolModel['names'],
): Omit<ToolModel, 'kind' | 'mutability' | 'scopes' | 'annotations'> {
  return {
    name,
    names,
    title: undefined,
    description: `What ${name} does.`,
    roles: [],
    needsTenant: false,
    upstreamScopes: undefined,
    icons: undefined,
    meta: undefined,
    inputSchema: {
      type: 'object',
      additionalProperties: false,
      required: ['id'],
      properties: { id: { type: 'string', minLength: 1, maxLength: 20 } },
    },
    outputSchema: undefined,
    sensitive: [],
    idempotency: undefined,
    approval: undefined,
    caps: undefined,
    preconditions: [],
    request: undefined,
    errors: [],
    typesSource: [
      `import type { JsonValue } from '../../kernel/json.ts';`,
      `export interface ${names.type}Arguments { id: string }`,
      `export type ${names.type}Result = JsonValue;`,
    ].join('\n'),
    validatorsSource: `export const input = (value) => typeof value === 'object' && value !== null && typeof value.id === 'string';`,
    samples: {
      accepted: [{ id: 'a' }],
      rejected: [{ title: 'id that is missing', arguments: {}, field: '/id', rule: 'required' }],
      result: undefined,
      sameKeyOtherArguments: undefined,
      otherKeyArguments: undefined,
      needingApproval: undefined,
      found: undefined,
    },
  };
}
