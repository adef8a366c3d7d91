/**
 * The manifest, version 1: the only definition. The types are inferred from it, and the published JSON
 * Schema and docs/manifest.md are made from it. Rules that span fields live in `manifest/rules/`.
 */
import { z } from 'zod';

import { type approval, count, type idempotency, type precondition, tool, writeCaps } from './schema-tool.ts';
import { type credential, type errorMapping, type request, upstream } from './schema-upstream.ts';
import { duration, referenceName, scopeName, secretReference, setting } from './values.ts';

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

const claimName = z
  .string()
  .regex(/^(?:[^/].*|(?:\/(?:[^~/]|~[01])+)+)$/s, 'must be the name of a claim, or a JSON Pointer into the claims');

const auth = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('oauth'),
      issuer: setting.describe('The authorization server whose tokens are accepted.'),
      audience: setting.describe("This server's canonical URL (RFC 8707)."),
      claims: z
        .strictObject({
          roles: claimName.describe('Claim with the roles. Default: roles.'),
          tenant: claimName.describe('Claim with the tenant. A token without it is refused.'),
          run: claimName.describe('Claim that tells one session from another. Default: sid, else jti.'),
        })
        .partial()
        .optional()
        .describe('Names of claims in the token. One that starts with a slash is a JSON Pointer: /realm_access/roles.'),
      addresses: z
        .enum(['public', 'private'])
        .default('public')
        .describe('Whether the issuer may be in a private network. Link-local and cloud metadata addresses: never.'),
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

const schemaDefaults = z.strictObject({
  maxLength: z.int().min(1).default(10_000).describe('Of texts.'),
  maxItems: z.int().min(1).default(1_000).describe('Of lists.'),
  maxProperties: z.int().min(1).default(1_000).describe('Of objects with free names.'),
  minimum: z.number().default(Number.MIN_SAFE_INTEGER).describe('Of numbers.'),
  maximum: z.number().default(Number.MAX_SAFE_INTEGER).describe('Of numbers.'),
});

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
    audit: z
      .strictObject({
        sink: z
          .enum(['output', 'store'])
          .describe(
            'output: the file that `MCP_AUDIT_FILE` names, or standard error. store: where operations are kept.',
          ),
        retention: duration.prefault('90d').describe('How long the store keeps an event. Files are for you to rotate.'),
      })
      .meta({ id: 'audit', description: 'Where the event goes that every call leaves. Default: output.' })
      .optional(),
    observability: z
      .strictObject({
        traces: z
          .literal('opentelemetry')
          .describe(
            'A span for each call and one for each attempt at a request, by whatever SDK the process registers.',
          ),
        sendTraceTo: z
          .array(referenceName)
          .min(1)
          .optional()
          .describe('Upstreams that are told which trace a request belongs to (`traceparent`). Default: none.'),
      })
      .meta({ id: 'observability', description: 'What can be seen of a server at work, besides audit and logs.' })
      .optional(),
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
