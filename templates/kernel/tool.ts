/**
 * What generated code declares: tools with their policy, and the upstreams they call. Plain data, so that
 * `src/generated/` can be read as a description of the server.
 */
import type { Expression, Template, Text } from './expression.ts';
import type { Category, Executed } from './failure.ts';
import type { AnyHandler } from './handler.ts';
import type { JsonObject } from './json.ts';
import type { Policy, WriteCaps } from './policy.ts';

/** What `tools/list` shows. */
export interface ToolDefinition {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: JsonObject & { readonly type: 'object' };
  readonly outputSchema?: JsonObject;
  readonly annotations: ToolAnnotations;
  readonly icons?: readonly JsonObject[];
  readonly _meta?: JsonObject;
}

export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** What must hold before a call is executed; read from an upstream. */
export interface Precondition {
  readonly request: RequestDeclaration;
  /** All must hold. */
  readonly require: readonly Requirement[];
  readonly code: string;
  readonly message: Text;
  readonly suggestedAction?: string;
}

export type Requirement =
  | { readonly value: Expression; readonly equals: Template }
  /** `matches`: a name in the tool's `conditions`. */
  | { readonly value: Expression; readonly matches: string };

/** A tool is declared (`request`) or has a `handler`; exactly one of the two. */
export interface Tool {
  readonly definition: ToolDefinition;
  readonly policy: Policy;
  readonly errors: readonly DeclaredError[];
  readonly preconditions?: readonly Precondition[];
  readonly request?: RequestDeclaration;
  readonly handler?: AnyHandler;
  /** What the tokens of its handler's requests carry, and no more. */
  readonly upstreamScopes?: readonly string[];
  /** Loads the compiled schemas; called on the tool's first call, not at start. */
  readonly validators: () => Promise<ToolValidators>;
}

/** Compiled schemas of one tool. `input` fills in defaults; `output` removes what the schema does not name. */
export interface ToolValidators {
  readonly input: Validator;
  readonly output?: Validator;
  /** Conditions on arguments and answers, by the names that the declaration gives them. */
  readonly conditions?: Readonly<Record<string, Validator>>;
}

/** A validator compiled by Ajv: after `false`, `errors` holds every violation. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

export interface ValidatorError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The name that a schema for property names refused. */
  readonly propertyName?: string;
}

/** An error that the manifest declares for a tool or its upstream. */
export interface DeclaredError {
  /** Answers of the upstream that mean this error; absent: only a handler's `ctx.fail` gives it. */
  readonly when?: { readonly status: readonly number[]; readonly body?: string };
  readonly code: string;
  readonly category: Category;
  readonly message: Text;
  readonly suggestedAction?: string;
  readonly retryAfter?: Expression;
  readonly executed?: Exclude<Executed, 'pending'>;
  readonly terminal?: true;
}

/** A declared HTTP request. */
export interface RequestDeclaration {
  readonly upstream: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments, joined by slashes; an expression stands for one whole segment or, in a text, for part of one. */
  readonly path: readonly (string | Expression | Text)[];
  readonly query?: { readonly [name: string]: Template };
  readonly headers?: { readonly [name: string]: Text };
  readonly body?: Template;
  readonly contentType: 'json' | 'form';
  /** What the token of this request carries, and no more. */
  readonly upstreamScopes?: readonly string[];
  /** The part of the answer that is the tool's result; absent: the whole body. */
  readonly result?: Expression;
}

/** A value from the manifest, or from the environment. */
export type Setting = { readonly value: string } | { readonly env: string };
/** A secret's variable: read from NAME, or from the file that NAME_FILE names. */
export interface Secret {
  readonly secret: string;
}

export type CredentialDeclaration =
  | { readonly type: 'none' }
  | { readonly type: 'bearer'; readonly token: Secret }
  | { readonly type: 'api-key'; readonly header: string; readonly key: Secret }
  | { readonly type: 'basic'; readonly username: Setting; readonly password: Secret }
  | ObtainedCredential;

/** A credential that is obtained while the server runs. */
export type ObtainedCredential = ClientCredentialsDeclaration | TokenExchangeDeclaration | ProviderDeclaration;

/** A token that a function of the project finds. */
export interface ProviderDeclaration {
  readonly type: 'provider';
}

/** A token in the server's own name. */
export interface ClientCredentialsDeclaration extends TokenEndpointDeclaration {
  readonly type: 'oauth-client-credentials';
}

/** A token in the caller's name, for the token that they came with (RFC 8693). */
export interface TokenExchangeDeclaration extends TokenEndpointDeclaration {
  readonly type: 'oauth-token-exchange';
  /** This server's own token, which says who acts for the caller. */
  readonly actorToken?: Secret;
}

/** A token from an OAuth token endpoint. */
export interface TokenEndpointDeclaration {
  readonly tokenUrl: Setting;
  readonly clientId: Setting;
  readonly clientSecret: Secret;
  readonly audience?: string;
  /** RFC 8707. */
  readonly resource?: string;
  /** For tools that do not say theirs. */
  readonly scopes?: readonly string[];
}

export interface UpstreamDeclaration {
  readonly name: string;
  readonly baseUrl: Setting;
  readonly allowedHosts: readonly string[];
  /** It may be at private addresses; absent: at public ones, or where its base URL says so on this machine. */
  readonly addresses?: 'private';
  readonly credential: CredentialDeclaration;
  /** It may know which trace a request belongs to. */
  readonly sendsTrace?: true;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly maxDelayMs: number;
  readonly maxResponseBytes: number;
}

/** Who says who is calling over HTTP. */
export interface AuthDeclaration {
  /** The authorization server whose tokens are accepted. */
  readonly issuer: Setting;
  /** This server's canonical URL, which every token has to name. */
  readonly audience: Setting;
  /** The issuer may be at private addresses; absent: at public ones, or where its URL says so on this machine. */
  readonly addresses?: 'private';
  /**
   * Names of claims; one that starts with a slash is a JSON Pointer. Every token needs the tenant where it is named; the
   * others may be absent from one.
   */
  readonly claims: { readonly roles?: string; readonly tenant?: string; readonly run?: string };
  /** Where the issuer is asked about each token; absent: tokens are JWTs, and are checked here. */
  readonly introspection?: { readonly url: Setting; readonly clientId: Setting; readonly clientSecret: Secret };
}

/** The whole server, as generated. */
export interface ServerDeclaration {
  readonly name: string;
  readonly title?: string;
  readonly version: string;
  readonly description?: string;
  readonly instructions?: string;
  /** Scope → the scopes it implies, directly or through others. */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
  /** Role → the scopes it brings. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly upstreams: readonly UpstreamDeclaration[];
  readonly tools: readonly Tool[];
  /** How long the record of a finished operation is kept, in milliseconds. */
  readonly retentionMs: number;
  /** How long audit is kept that goes to the store, in milliseconds. */
  readonly auditRetentionMs?: number;
  readonly limits?: ServerLimits;
  /** Absent: nobody is asked who they are, and HTTP is for this machine alone. */
  readonly auth?: AuthDeclaration;
  /** What operators who come over HTTP hold; absent: operations are handled on the command line only. */
  readonly operationsScope?: string;
}

/** Limits over all tools. */
export interface ServerLimits {
  /** Calls of one principal. */
  readonly requestsPerMinute?: number;
  readonly writes?: WriteCaps;
}
