/**
 * The manifest, version 1: the only definition. The types are inferred from it, and the published JSON
 * Schema and docs/manifest.md are made from it. Rules that span fields live in `manifest/rules/`.
 */
import { z } from 'zod';

import { type credential, errorMapping, request, upstream } from './schema-upstream.ts';
import { duration, errorCode, expression, jsonSchema, referenceName, scopeName, setting } from './values.ts';

const count = z.int().min(1).max(1_000_000_000);

const server = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, starting with a letter')
      .describe('Identifies the server; part of every idempotency key.'),
    title: z.string().min(1).max(200).optional().describe('Shown to people.'),
    version: z.string().regex(/^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/, 'must be a semantic version such as 1.0.0'),
    description: z.string().optional(),
    instructions: z.string().max(20_000).optional().describe('Told to the model once, when it connects.'),
    transports: z
      .array(z.enum(['stdio', 'http']))
      .min(1)
      .default(['stdio'])
      .describe('stdio, Streamable HTTP, or both.'),
  })
  .describe('What the server says about itself.');

const auth = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('oauth'),
      issuer: setting,
      audience: setting.describe("This server's canonical URL (RFC 8707)."),
      claims: z.strictObject({ roles: z.string(), tenant: z.string(), run: z.string() }).partial().optional(),
    }),
  ])
  .describe('Who is calling over HTTP. stdio takes its identity from the environment.');

const scope = z.union([
  z.string().min(1),
  z.strictObject({ description: z.string().min(1), implies: z.array(scopeName).optional() }),
]);

const writeCaps = z
  .strictObject({
    perRun: count,
    perHour: count,
    perDay: count,
    per: z.enum(['principal', 'tenant', 'server']).describe('Whose calls are counted together. Default: principal.'),
  })
  .partial()
  .describe('Hard caps on executed writes.');

const schemaDefaults = z
  .strictObject({
    maxLength: z.int().min(1).default(10_000),
    maxItems: z.int().min(1).default(1_000),
    maxProperties: z.int().min(1).default(1_000),
    minimum: z.number().default(Number.MIN_SAFE_INTEGER),
    maximum: z.number().default(Number.MAX_SAFE_INTEGER),
  })
  .describe('Caps for input strings, arrays, open maps and numbers that have no bound of their own.');

const occurrence = z
  .union([
    z.strictObject({
      every: z.enum(['hour', 'day', 'week', 'month']),
      timezone: z.string().default('UTC').describe('IANA time zone of the window.'),
    }),
    z.strictObject({ argument: expression }),
    z.literal('none'),
  ])
  .describe('When the same call is meant again: once a window, once per value of an argument, or never.');

const lookup = z
  .strictObject({
    request,
    found: jsonSchema.describe('JSON Schema: the body of the answer matches it when the effect exists.'),
    result: expression.optional(),
    settle: duration.describe('How long the upstream may take to apply a request.'),
  })
  .describe('Read-back for outcomes that are not known.');

const idempotency = z
  .strictObject({
    strategy: z.enum(['derived-key', 'caller-key', 'natural', 'read-before-write']),
    key: z.array(expression).min(1).optional().describe('The arguments that say which effect is meant.'),
    occurrence: occurrence.optional(),
    upstreamKey: z
      .union([
        z.strictObject({ header: z.string().min(1), retention: duration }),
        z.strictObject({ body: z.string().min(1), retention: duration }),
      ])
      .optional()
      .describe('Where the upstream takes an idempotency key, and how long it remembers it.'),
    lookup: lookup.optional(),
    recovery: z.literal('quarantine').optional().describe('An unknown outcome waits for a person.'),
  })
  .describe('How a repeated call is recognised.');

const approval = z
  .union([
    z.literal('none'),
    z.strictObject({
      when: jsonSchema.optional().describe('JSON Schema on the arguments; absent: always.'),
      by: z.enum(['caller', 'approver']),
      scope: scopeName.optional(),
      expires: duration.prefault('15m'),
      summary: z.string().min(1).max(2_000),
    }),
  ])
  .describe('Who has to say yes before the call is executed.');

const precondition = z.strictObject({
  request,
  require: z
    .array(
      z.union([
        z.strictObject({ value: expression, equals: z.json() }),
        z.strictObject({ value: expression, schema: jsonSchema }),
      ]),
    )
    .min(1),
  code: errorCode,
  message: z.string().min(1),
  suggestedAction: z.string().min(1).optional(),
});

/** The keys that a `tools/list` result carries beside the described ones: accepted as copied. */
const copiedFromToolsList = {
  annotations: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Hints of a copied tool. Not trusted: the hints shown come from `mutability`.'),
  _meta: z.record(z.string(), z.unknown()).optional(),
  icons: z.array(z.record(z.string(), z.unknown())).optional(),
  execution: z.record(z.string(), z.unknown()).optional(),
};

const tool = z
  .strictObject({
    name: z.string().describe('1 to 64 of A-Z, a-z, 0-9, underscore, dot and dash.'),
    title: z.string().min(1).optional(),
    description: z.string().min(1).optional(),
    mutability: z
      .enum(['read-only', 'additive', 'destructive', 'irreversible'])
      .describe("What a call may do to the world; gives MCP's hints."),
    scopes: z.array(scopeName).describe('Every one is needed. Empty only together with `public: true`.'),
    roles: z.array(z.string().min(1)).min(1).optional().describe('The caller needs at least one of them.'),
    public: z.literal(true).optional().describe('Anyone who may connect may call this tool.'),
    upstreamScopes: z.array(z.string().min(1)).min(1).optional(),
    openWorld: z.boolean().optional(),
    inputSchema: jsonSchema,
    outputSchema: jsonSchema.optional(),
    request: request.optional().describe('A declared tool: the HTTP request. Without it the tool is a handler.'),
    response: z.strictObject({ result: expression }).optional(),
    idempotency: idempotency.optional(),
    approval: approval.optional(),
    because: z.string().min(1).optional().describe('Why `approval: none` is right for an irreversible tool.'),
    limits: writeCaps.optional(),
    preconditions: z.array(precondition).min(1).optional(),
    errors: z.array(errorMapping).optional(),
    ...copiedFromToolsList,
  })
  .describe('One tool.');

/** The manifest as a whole. */
export const manifestSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    server,
    auth: auth.optional(),
    scopes: z.record(scopeName, scope).optional().describe('Every scope that a tool or a role uses.'),
    roles: z.record(z.string().min(1), z.array(scopeName)).optional().describe('Scopes that a role brings.'),
    upstreams: z.record(referenceName, upstream).optional(),
    idempotency: z
      .strictObject({
        store: z.enum(['memory', 'sqlite', 'postgres', 'redis']).default('sqlite'),
        retention: duration.prefault('24h'),
      })
      .optional(),
    limits: z.strictObject({ requestsPerMinute: count.optional(), writes: writeCaps.optional() }).optional(),
    defaults: z.strictObject({ schema: schemaDefaults.partial().optional() }).optional(),
    tools: z.array(tool).min(1),
  })
  .describe('Manifest of a hardened MCP server, version 1.');

/** A manifest that parsed: durations in milliseconds, sizes in bytes, defaults filled in. */
export type Manifest = z.output<typeof manifestSchema>;
export type ManifestTool = Manifest['tools'][number];
export type ManifestUpstream = z.output<typeof upstream>;
export type ManifestCredential = z.output<typeof credential>;
export type ManifestRequest = z.output<typeof request>;
export type ManifestErrorMapping = z.output<typeof errorMapping>;
export type ManifestIdempotency = z.output<typeof idempotency>;

/** The caps that `defaults.schema` leaves unsaid. */
export const SCHEMA_DEFAULTS: z.output<typeof schemaDefaults> = schemaDefaults.parse({});
