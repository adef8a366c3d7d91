/**
 * The manifest, version 1: the only definition. The types are inferred from it, and the published JSON
 * Schema and docs/manifest.md are made from it. Rules that span fields live in `manifest/rules/`.
 */
import { z } from 'zod';

import { type credential, errorMapping, request, upstream } from './schema-upstream.ts';
import {
  duration,
  errorCode,
  expression,
  headerName,
  json,
  jsonSchema,
  referenceName,
  scopeName,
  secretReference,
  setting,
  toolSchema,
} from './values.ts';

const count = z.int().min(1).max(1_000_000_000);

const server = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes, starting with a letter')
      .describe('Identifies the server; part of every idempotency key.'),
    title: z.string().min(1).max(200).optional().describe('Shown to people.'),
    version: z
      .string()
      .regex(/^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/, 'must be a semantic version such as 1.0.0')
      .describe("Of this server; tell it from the manifest's version."),
    description: z.string().optional().describe('One sentence about the server.'),
    instructions: z.string().max(20_000).optional().describe('Told to the model once, when it connects.'),
    transports: z
      .array(z.enum(['stdio', 'http']))
      .min(1)
      .default(['stdio'])
      .describe('stdio, Streamable HTTP, or both.'),
  })
  .meta({ id: 'server', description: 'What the server says about itself.' });

const auth = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('oauth'),
      issuer: setting.describe('The authorization server whose tokens are accepted.'),
      audience: setting.describe("This server's canonical URL (RFC 8707)."),
      claims: z
        .strictObject({
          roles: z.string().min(1).describe('Claim with the roles. Default: roles.'),
          tenant: z.string().min(1).describe('Claim with the tenant. A token without it is refused.'),
          run: z.string().min(1).describe('Claim that tells one session from another. Default: sid, else jti.'),
        })
        .partial()
        .optional()
        .describe('Names of claims in the token.'),
      introspection: z
        .strictObject({
          url: setting.describe('The introspection endpoint (RFC 7662).'),
          clientId: setting.describe('Who this server is there.'),
          clientSecret: secretReference.describe('The variable that holds its secret there.'),
        })
        .optional()
        .describe('Where the issuer is asked about each token. Without it tokens are JWTs, checked with its keys.'),
    }),
  ])
  .meta({ id: 'auth', description: 'Who is calling over HTTP. stdio takes its identity from the environment.' });

const scope = z
  .union([
    z.string().min(1),
    z.strictObject({
      description: z.string().min(1).describe('What the scope lets its holder do.'),
      implies: z.array(scopeName).optional().describe('Scopes that come with it.'),
    }),
  ])
  .meta({ id: 'scope', description: 'What a scope lets its holder do; or that, and the scopes that come with it.' });

const writeCaps = z
  .strictObject({
    perRun: count.describe('In one session of a caller.'),
    perHour: count.describe('In an hour.'),
    perDay: count.describe('In a day.'),
    per: z.enum(['principal', 'tenant', 'server']).describe('Whose calls are counted together. Default: principal.'),
  })
  .partial()
  .meta({ id: 'writeCaps', description: 'Hard caps on executed writes.' });

const schemaDefaults = z.strictObject({
  maxLength: z.int().min(1).default(10_000).describe('Of texts.'),
  maxItems: z.int().min(1).default(1_000).describe('Of lists.'),
  maxProperties: z.int().min(1).default(1_000).describe('Of objects with free names.'),
  minimum: z.number().default(Number.MIN_SAFE_INTEGER).describe('Of numbers.'),
  maximum: z.number().default(Number.MAX_SAFE_INTEGER).describe('Of numbers.'),
});

const occurrence = z
  .union([
    z.strictObject({
      every: z.enum(['hour', 'day', 'week', 'month']).describe('The window.'),
      timezone: z.string().default('UTC').describe('IANA time zone of the window.'),
    }),
    z.strictObject({ argument: expression.describe('The argument whose values set calls apart.') }),
    z.literal('none'),
  ])
  .meta({
    id: 'occurrence',
    description: 'When the same call is meant again: once a window, once per value of an argument, or never.',
  });

const lookup = z
  .strictObject({
    request: request.describe('Reads, and nothing else.'),
    found: jsonSchema.describe(
      'JSON Schema: the body of the answer matches it when the effect exists. With `properties` or `required`, and without `type`, only an object can.',
    ),
    result: expression.optional().describe('The part of the answer that is the result. Default: the whole body.'),
    settle: duration.describe('How long the upstream may take to apply a request.'),
  })
  .meta({ id: 'lookup', description: 'Read-back for outcomes that are not known.' });

const idempotency = z
  .strictObject({
    strategy: z
      .enum(['derived-key', 'caller-key', 'natural', 'read-before-write'])
      .describe('Where the key comes from; see the table below.'),
    key: z.array(expression).min(1).optional().describe('The arguments that say which effect is meant.'),
    occurrence: occurrence.optional().describe('When the same call is meant again. Default: never.'),
    upstreamKey: z
      .union([
        z.strictObject({
          header: headerName.describe('The header that takes the key.'),
          retention: duration.describe('How long the upstream remembers it.'),
        }),
        z.strictObject({
          body: z.string().min(1).describe('The member of the body that takes the key.'),
          retention: duration.describe('How long the upstream remembers it.'),
        }),
      ])
      .optional()
      .describe(
        'Where the upstream takes an idempotency key, and how long it remembers it. It has to answer a repeated key as it ' +
          'did the first time, before it looks at anything else.',
      ),
    lookup: lookup.optional().describe('Reads back what happened.'),
    recovery: z
      .enum(['quarantine', 'resume'])
      .optional()
      .describe(
        'Of an unknown outcome, without `upstreamKey` and `lookup`. quarantine: it waits for a person, as by default. ' +
          'resume: the handler acts in `ctx.step` only, so a run that died between steps goes on from there.',
      ),
  })
  .meta({ id: 'idempotency', description: 'How a repeated call is recognised.' });

const approval = z
  .union([
    z.literal('none'),
    z.strictObject({
      when: jsonSchema.optional().describe('JSON Schema on the arguments; absent: always.'),
      by: z
        .enum(['caller', 'approver'])
        .describe('The caller is asked in the client; an approver is somebody who holds the scope.'),
      scope: scopeName.optional().describe('What an approver holds.'),
      expires: duration.prefault('15m').describe('How long the question stands.'),
      summary: z.string().min(1).max(2_000).describe('What the person reads; expressions in braces.'),
    }),
  ])
  .meta({ id: 'approval', description: 'Who has to say yes before the call is executed.' });

const precondition = z
  .strictObject({
    request: request.describe('Reads, and nothing else.'),
    require: z
      .array(
        z.union([
          z.strictObject({
            value: expression.describe('A part of the answer.'),
            equals: json.describe('What it must be; strings may be expressions.'),
          }),
          z.strictObject({
            value: expression.describe('A part of the answer.'),
            schema: jsonSchema.describe('JSON Schema that it must match.'),
          }),
        ]),
      )
      .min(1)
      .describe('All must hold.'),
    code: errorCode.describe('The error when one does not hold; its category is failed_precondition.'),
    message: z.string().min(1).max(2_000).describe('Text for the model; expressions in braces.'),
    suggestedAction: z.string().min(1).max(500).optional().describe('What the model should do next.'),
  })
  .meta({ id: 'precondition', description: 'What must hold before the call is executed.' });

/** The keys that a `tools/list` result carries beside the described ones: accepted as copied. */
const copiedFromToolsList = {
  annotations: z
    .record(z.string(), z.unknown())
    .nullish()
    .describe('Hints of a copied tool. Not trusted: the hints shown come from `mutability`.'),
  _meta: z.record(z.string(), z.unknown()).optional().describe('Shown as it is.'),
  icons: z.array(z.record(z.string(), z.unknown())).optional().describe('Shown as they are.'),
  execution: z.record(z.string(), z.unknown()).nullish().describe('Of a copied tool; not used.'),
};

const tool = z
  .strictObject({
    // The rule on tool names checks this; here it is only for editors.
    name: z.string().meta({
      pattern: '^[A-Za-z0-9_.-]{1,64}$',
      description: '1 to 64 of A-Z, a-z, 0-9, underscore, dot and dash.',
    }),
    title: z.string().min(1).optional().describe('Shown to people.'),
    description: z.string().optional().describe('Tells the model what the tool does and when to use it.'),
    mutability: z
      .enum(['read-only', 'additive', 'destructive', 'irreversible'])
      .describe("What a call may do to the world; gives MCP's hints."),
    scopes: z.array(scopeName).describe('Every one is needed. Empty only together with `public: true`.'),
    roles: z.array(z.string().min(1)).min(1).optional().describe('The caller needs at least one of them.'),
    public: z.literal(true).optional().describe('Anyone who may connect may call this tool.'),
    upstreamScopes: z
      .array(scopeName)
      .min(1)
      .optional()
      .describe('The token minted for this call carries these and no more.'),
    openWorld: z.boolean().optional().describe('Whether it reaches beyond this system. Default: it has a request.'),
    inputSchema: toolSchema.describe(
      'JSON Schema of the arguments. Objects are closed where it does not say otherwise.',
    ),
    outputSchema: toolSchema.optional().describe('JSON Schema of the result; what it does not name is removed.'),
    request: request.optional().describe('A declared tool: the HTTP request. Without it the tool is a handler.'),
    response: z
      .strictObject({ result: expression.describe('The part of the answer that is the result.') })
      .optional()
      .describe('Default: the whole body is the result.'),
    idempotency: idempotency.optional().describe('How a repeated call is recognised. Needed where the tool writes.'),
    approval: approval
      .optional()
      .describe('Who has to say yes before the call is executed. Needed where it is irreversible.'),
    because: z.string().min(1).optional().describe('Why `approval: none` is right for an irreversible tool.'),
    limits: writeCaps.optional().describe('Hard caps on executed writes of this tool.'),
    preconditions: z.array(precondition).min(1).optional().describe('Read and checked before the call is executed.'),
    errors: z.array(errorMapping).optional().describe('Errors with a meaning; the first that fits is taken.'),
    ...copiedFromToolsList,
  })
  .meta({ id: 'tool', description: 'One tool.' });

/** The manifest as a whole. */
export const manifestSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors: completion and checks while typing.'),
    version: z.literal(1).describe('Of the manifest format.'),
    server: server.describe('Its name, its version and how it is reached.'),
    auth: auth.optional().describe('Who is calling over HTTP; stdio takes its identity from the environment.'),
    scopes: z.record(scopeName, scope).optional().describe('Every scope that a tool or a role uses.'),
    roles: z.record(z.string().min(1), z.array(scopeName)).optional().describe('Scopes that a role brings.'),
    upstreams: z.record(referenceName, upstream).optional().describe('The HTTP systems that the tools call.'),
    idempotency: z
      .strictObject({
        store: z
          .enum(['memory', 'sqlite', 'postgres', 'redis'])
          .default('sqlite')
          .describe('Where operations are kept.'),
        retention: duration.prefault('24h').describe('How long a finished operation is remembered.'),
      })
      .optional()
      .describe('Where and how long operations are kept.'),
    operations: z
      .strictObject({ scope: scopeName.describe('What operators hold.') })
      .meta({
        id: 'operations',
        description: 'Lets operators look after operations over HTTP; without it they do so on the command line only.',
      })
      .optional(),
    limits: z
      .strictObject({
        requestsPerMinute: count.optional().describe('Of one caller.'),
        writes: writeCaps.optional().describe('Hard caps on executed writes, over all tools.'),
      })
      .optional()
      .describe('Caps over all tools.'),
    defaults: z
      .strictObject({
        schema: schemaDefaults
          .partial()
          .meta({
            id: 'schemaDefaults',
            description: 'Caps for input strings, arrays, open maps and numbers that have no bound of their own.',
          })
          .optional(),
      })
      .optional()
      .describe('What holds where a schema does not say otherwise.'),
    tools: z.array(tool).min(1).describe('The tools, in the order in which they are listed.'),
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
export type ManifestApproval = z.output<typeof approval>;
export type ManifestPrecondition = z.output<typeof precondition>;
export type ManifestWriteCaps = z.output<typeof writeCaps>;

/** The caps that `defaults.schema` leaves unsaid. */
export const SCHEMA_DEFAULTS: z.output<typeof schemaDefaults> = schemaDefaults.parse({});
