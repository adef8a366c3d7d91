/**
 * The project model: the manifest with every default resolved and every name decided. Templates lay it
 * out and decide nothing.
 */
import type { Expression, TextTemplate, ValueTemplate } from '../manifest/expressions.ts';
import type { Manifest, ManifestCredential, ManifestErrorMapping } from '../manifest/schema.ts';
import type { ApprovalModel, CapsModel, IdempotencyModel, PreconditionModel } from './guards.ts';

/** A JSON value as it stands in a manifest. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export interface ProjectModel {
  /** The manifest's file name as the header of generated files names it: `hardened-mcp.yaml`. */
  readonly manifestFile: string;
  readonly server: Manifest['server'];
  /** Absent where nobody signs in: without HTTP, or with `auth: none`. */
  readonly auth: AuthModel | undefined;
  readonly scopes: readonly ScopeModel[];
  readonly roles: readonly { readonly name: string; readonly scopes: readonly string[] }[];
  readonly upstreams: readonly UpstreamModel[];
  /** Absent where no tool writes. */
  readonly store: StoreModel | undefined;
  readonly retentionMs: number;
  /** Present where audit goes to a store: the one that operations are kept in, where any tool writes. */
  readonly audit: { readonly store: StoreModel; readonly retentionMs: number } | undefined;
  readonly limits: LimitsModel;
  /** Who is handed spans; absent: nobody. */
  readonly traces: 'opentelemetry' | undefined;
  /** What operators who come over HTTP hold. */
  readonly operationsScope: string | undefined;
  readonly tools: readonly ToolModel[];
}

/** Who says who is calling over HTTP. */
export interface AuthModel {
  readonly issuer: SettingModel;
  readonly audience: SettingModel;
  /** Where the issuer may be; absent: at public addresses. */
  readonly addresses?: 'private';
  readonly claims: { readonly roles: string; readonly tenant?: string; readonly run?: string };
  readonly introspection?: {
    readonly url: SettingModel;
    readonly clientId: SettingModel;
    readonly clientSecret: { readonly secret: string };
  };
}

/** Over all tools. */
export interface LimitsModel {
  /** Calls of one principal. */
  readonly requestsPerMinute: number | undefined;
  readonly writes: CapsModel | undefined;
}

export type StoreModel = 'memory' | 'sqlite' | 'postgres' | 'redis';

export interface ScopeModel {
  readonly name: string;
  readonly description: string;
  readonly implies: readonly string[];
}

export type SettingModel = { readonly value: string } | { readonly env: string };

export interface UpstreamModel {
  readonly name: string;
  readonly baseUrl: SettingModel;
  readonly allowedHosts: readonly string[];
  /** Where its name may lead. */
  readonly addresses: 'public' | 'private';
  readonly credential: CredentialModel;
  /** It may know which trace a request belongs to. */
  readonly sendsTrace: boolean;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly maxDelayMs: number;
  readonly maxResponseBytes: number;
}

export type CredentialModel = ManifestCredential;

/** How a tool is called in files and code. `get_invoice` → `get_invoice`, `getInvoice`, `GetInvoice`. */
export interface ToolNames {
  /** Base name of the tool's files, without extension; unique on case-insensitive file systems. */
  readonly file: string;
  /** A JavaScript identifier, no reserved word. */
  readonly identifier: string;
  /** Prefix of the tool's TypeScript types. */
  readonly type: string;
}

export interface ToolModel {
  readonly name: string;
  readonly names: ToolNames;
  readonly kind: 'declared' | 'handler';
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly mutability: 'read-only' | 'additive' | 'destructive' | 'irreversible';
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** An expression of the tool names the caller's tenant. */
  readonly needsTenant: boolean;
  /** What the tokens carry that are minted for its requests. */
  readonly upstreamScopes: readonly string[] | undefined;
  readonly annotations: AnnotationsModel;
  readonly icons: readonly JsonObject[] | undefined;
  readonly meta: JsonObject | undefined;
  /** With default caps and closed objects: what the model is shown and what is enforced. */
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject | undefined;
  /** JSON Pointers into the arguments of fields marked `x-sensitive`. */
  readonly sensitive: readonly string[];
  readonly idempotency: IdempotencyModel | undefined;
  readonly approval: ApprovalModel | undefined;
  readonly caps: CapsModel | undefined;
  readonly preconditions: readonly PreconditionModel[];
  /** With the key of the operation where the upstream takes it. */
  readonly request: RequestModel | undefined;
  /** The tool's own errors first, then its upstream's. */
  readonly errors: readonly ErrorModel[];
  /** TypeScript declarations of `<Type>Arguments` and `<Type>Result`, unformatted. */
  readonly typesSource: string;
  /** The module of compiled validators (JavaScript), unformatted. */
  readonly validatorsSource: string;
  readonly samples: SamplesModel;
}

export interface AnnotationsModel {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export interface RequestModel {
  readonly upstream: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path segments; text with expressions where the manifest has braces. */
  readonly path: readonly TextTemplate[];
  readonly query: Readonly<Record<string, ValueTemplate>> | undefined;
  readonly headers: Readonly<Record<string, TextTemplate>> | undefined;
  readonly body: ValueTemplate | undefined;
  readonly contentType: 'json' | 'form';
  readonly result: Expression | undefined;
}

export interface ErrorModel {
  readonly code: string;
  readonly category: ManifestErrorMapping['category'];
  readonly message: TextTemplate;
  readonly suggestedAction: string | undefined;
  readonly retryAfter: Expression | undefined;
  readonly executed: 'no' | 'yes' | 'unknown' | undefined;
  readonly terminal: boolean;
  readonly when:
    | {
        readonly status: readonly number[];
        /** Export name of the compiled body condition in the tool's validators. */
        readonly condition: string | undefined;
        /** A body that the condition accepts; for the generated test. */
        readonly sampleBody: Json | undefined;
      }
    | undefined;
}

/** Arguments for the generated tests; every one was run through the tool's own validator. */
export interface SamplesModel {
  /** Arguments that the schema accepts: the fullest first. */
  readonly accepted: readonly JsonObject[];
  /** Arguments that the schema rejects, one per constraint. */
  readonly rejected: readonly RejectedSample[];
  /** A result that the output schema accepts; absent without output schema. */
  readonly result: Json | undefined;
  /** Accepted arguments that differ from `accepted[0]` outside the idempotency key; for conflicts. Absent where none exist. */
  readonly sameKeyOtherArguments: JsonObject | undefined;
  /** Accepted arguments that mean another effect. Absent where none exist. */
  readonly otherKeyArguments: JsonObject | undefined;
  /** Accepted arguments for which somebody has to say yes; absent without approval. */
  readonly needingApproval: JsonObject | undefined;
  /** What a look-up answers where the effect exists; absent without one. */
  readonly found: FoundSample | undefined;
}

export interface FoundSample {
  /** What the look-up is answered with. */
  readonly body: Json;
  /** What the tool then returns. */
  readonly result: Json;
}

export interface RejectedSample {
  /** Reads as a sentence: `invoice_id that is missing`. */
  readonly title: string;
  readonly arguments: JsonObject;
  /** JSON Pointer that the answer names. */
  readonly field: string;
  /** JSON Schema keyword that the answer names. */
  readonly rule: string;
}
