/** The error codes that every generated server knows, for whoever meets one; a manifest adds its own. */

export interface ServerError {
  readonly category: string;
  /** What happened, for people who run or build the server. */
  readonly means: string;
  readonly fix: string;
}

export const SERVER_ERRORS: Readonly<Record<string, ServerError>> = {
  INVALID_ARGUMENTS: {
    category: 'invalid_input',
    means:
      'The arguments do not fit the input schema. `violations` names each field, the rule and what was got. Nothing was executed.',
    fix: 'The caller corrects the fields that are named and calls again. If the arguments were right, correct "inputSchema".',
  },
  ARGUMENTS_TOO_DEEP: {
    category: 'invalid_input',
    means: 'The arguments are nested deeper than the server accepts; they were refused before being validated.',
    fix: 'The caller sends a flatter value.',
  },
  ARGUMENTS_TOO_LARGE: {
    category: 'invalid_input',
    means: 'The arguments hold more values than the server accepts; they were refused before being validated.',
    fix: 'The caller sends less, in several calls.',
  },
  SCOPE_MISSING: {
    category: 'permission_denied',
    means:
      'The caller lacks a scope that the tool needs. Decided per tool, before anything else; also before a replay.',
    fix: 'Give the caller all scopes of the tool: over stdio in MCP_SCOPES, over HTTP in its token.',
  },
  ROLE_MISSING: {
    category: 'permission_denied',
    means: 'The caller has none of the roles that the tool needs.',
    fix: 'Give the caller one of them: over stdio in MCP_ROLES, over HTTP in its token.',
  },
  TENANT_MISSING: {
    category: 'permission_denied',
    means: 'The tool names the tenant of its caller in what it sends, and this caller has none.',
    fix: 'Say for whom: over stdio in MCP_TENANT, over HTTP in the claim that `auth.claims.tenant` names.',
  },
  WRITES_DISABLED: {
    category: 'permission_denied',
    means: 'The tool writes, and writes are off until somebody turns them on.',
    fix: 'Once the read-only tools have proved themselves, start the server with MCP_WRITES=enabled.',
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    category: 'invalid_input',
    means: 'The tool recognises repeated calls by a key of the caller, and none was sent.',
    fix: 'The caller sends `idempotency_key` (16 to 255 visible ASCII): the same for every try of one intent, a new one for a new intent.',
  },
  IDEMPOTENCY_CONFLICT: {
    category: 'idempotency_conflict',
    means: 'The same operation was asked for before with other arguments. The first ones stand; nothing was executed.',
    fix: 'Repeat the first arguments to get their result. A new intent needs other key fields, another key, or a later occurrence.',
  },
  IN_PROGRESS: {
    category: 'in_progress',
    means: 'The same operation is being executed by another call at this moment.',
    fix: 'Send the same call again after `retry_after_ms`; it then gets the result of the first.',
  },
  OUTCOME_UNKNOWN: {
    category: 'outcome_unknown',
    means:
      'A write was sent, and nobody can say whether it took effect: the answer was lost, or the server died in between. Unless "upstreamKey" or "lookup" finds out, it is never executed again by itself.',
    fix: 'Ask get_operation_status with `operation_id`. While it says unknown, look at the upstream and let a person decide.',
  },
  APPROVAL_REQUIRED: {
    category: 'approval_required',
    means:
      'A person has to agree before this call is executed: the caller in the client, or an approver. Nothing was executed.',
    fix: 'An approver says yes to `operation_id`; then the same call, sent again, is executed once. Where the caller is asked, use a client that supports elicitation.',
  },
  APPROVAL_DENIED: {
    category: 'permission_denied',
    means: 'The person who was asked said no. Nothing was executed.',
    fix: 'Talk to that person. Once "expires" is over, the same call asks again.',
  },
  WRITE_CAP_EXCEEDED: {
    category: 'cap_exceeded',
    means: 'As many writes as "limits" allows were executed in this run, hour or day. Nothing was executed.',
    fix: 'Wait until the window ends, or raise the cap in "limits" if it is too low.',
  },
  REQUEST_RATE_EXCEEDED: {
    category: 'rate_limited',
    means: 'The caller made more calls in a minute than "limits.requestsPerMinute" allows.',
    fix: 'Send the same call again after `retry_after_ms`.',
  },
  STORE_HELD: {
    category: 'unavailable',
    means:
      'The record of operations was restored from a backup, so it may have forgotten some. What cannot be undone is held back.',
    fix: 'Compare the record with the upstream, then let an operator end the hold.',
  },
  STORE_UNAVAILABLE: {
    category: 'unavailable',
    means: 'The record of operations could not be read or written, so the write was not sent.',
    fix: "Check the store's file and disk. The same call is safe to send again.",
  },
  CANCELLED: {
    category: 'cancelled',
    means: 'The client cancelled or went away before anything was sent.',
    fix: 'The same call is safe to send again.',
  },
  DEADLINE_EXCEEDED: {
    category: 'unavailable',
    means: 'The call took longer than the server allows, and nothing was changed.',
    fix: 'The same call is safe to send again. If it happens often, look at the upstream and its "timeout".',
  },
  RESULT_INVALID: {
    category: 'internal',
    means:
      'The call was executed, but what came back does not fit "outputSchema", so it is withheld. It is not executed again.',
    fix: 'Correct "outputSchema", "response.result" or the handler.',
  },
  RESULT_OMITTED: {
    category: 'internal',
    means: 'The call was executed before; its result was too large to be kept for a replay.',
    fix: 'Read the current state instead of repeating the call. Smaller results can be replayed.',
  },
  RESULT_UNRECORDED: {
    category: 'internal',
    means: 'The outcome was unknown until an operator found that the call had been executed; its result is not known.',
    fix: 'Read the current state instead of repeating the call.',
  },
  REPLAY_INCOMPATIBLE: {
    category: 'internal',
    means: 'The call was executed before a deployment that changed "outputSchema"; the kept result no longer fits it.',
    fix: 'Read the current state instead of repeating the call.',
  },
  UNKNOWN_TOOL: {
    category: 'not_found',
    means:
      'There is no such tool, or the caller may not know of it. The client gets the JSON-RPC error -32602; the audit has this code.',
    fix: 'Compare the name with tools/list for the same caller.',
  },
  OPERATION_NOT_FOUND: {
    category: 'not_found',
    means: 'There is no such operation among those that this caller asked for; those of others are not shown.',
    fix: 'Use the `operation_id` of the answer to the call. Finished operations vanish after "retention".',
  },
  INTERNAL: {
    category: 'internal',
    means: 'A handler or the server threw an error. The caller is told nothing of it.',
    fix: "Find the `operation_id` in the server's log on stderr. To give a caller a proper error, use ctx.fail with a declared code.",
  },
  UPSTREAM_UNAVAILABLE: {
    category: 'unavailable',
    means: 'The upstream could not be reached, or gave no complete answer within the retries. Nothing was executed.',
    fix: 'The same call is safe to send again. If it lasts, check the base URL, the network and the upstream.',
  },
  TOO_LATE_TO_SEND: {
    category: 'unavailable',
    means:
      'The server was held up (suspended, out of memory, stopped) until its claim on the operation was over. Nothing was sent.',
    fix: 'The same call is safe to send again. If it happens often, the machine is too busy, or MCP_LEASE_MS is too short for it.',
  },
  UPSTREAM_ADDRESS_REFUSED: {
    category: 'internal',
    means:
      "The upstream's name led to a private, local or reserved address. There was no connection, and nothing was sent.",
    fix: 'See what the name resolves to where the server runs. If the upstream is in a private network, set its "addresses" to private.',
  },
  UPSTREAM_RATE_LIMITED: {
    category: 'rate_limited',
    means: 'The upstream answered 429.',
    fix: 'Send the same call again after `retry_after_ms`.',
  },
  UPSTREAM_REJECTED_ARGUMENTS: {
    category: 'invalid_input',
    means: 'The upstream answered 400 or 422, and the manifest declares no error for it.',
    fix: 'Declare it under "errors" with a code and a message of its own, so that callers learn which field is at fault.',
  },
  PRECONDITION_FAILED: {
    category: 'failed_precondition',
    means: 'The upstream answered 402, 412 or 428, and the manifest declares no error for it.',
    fix: 'Declare it under "errors" with a code and a message of its own.',
  },
  NOT_FOUND: {
    category: 'not_found',
    means: 'The upstream answered 404 or 410, and the manifest declares no error for it.',
    fix: 'Declare it under "errors" with a message that names what was looked for.',
  },
  CONFLICT: {
    category: 'conflict',
    means: 'The upstream answered 409, and the manifest declares no error for it.',
    fix: 'Declare it under "errors" with a message that says what stands against the call.',
  },
  UPSTREAM_CREDENTIAL_REFUSED: {
    category: 'internal',
    means: "The upstream answered 401 to the server's own credential.",
    fix: 'Renew the credential that the environment gives the server. Callers can do nothing about it.',
  },
  UPSTREAM_CREDENTIAL_UNREADABLE: {
    category: 'internal',
    means: "The server's own credential could not be read, so nothing was sent.",
    fix: 'Check the variable, or the file that its _FILE variable names.',
  },
  UPSTREAM_CREDENTIAL_UNAVAILABLE: {
    category: 'unavailable',
    means: 'The credential for the upstream could not be obtained: nobody answered usably in time. Nothing was sent.',
    fix: 'The caller may call again. Where it lasts, check the token issuer and the URL that the environment gives.',
  },
  UPSTREAM_CREDENTIAL_NOT_ISSUED: {
    category: 'internal',
    means:
      'The token issuer refused this server, or gave another token than was asked for; the message says which. Nothing was sent.',
    fix: 'Check the id and the secret of the client, and what the issuer allows it: grant, scopes, audience or resource.',
  },
  UPSTREAM_CREDENTIAL_NEEDS_CALLER: {
    category: 'unauthenticated',
    means:
      'The upstream is called in the name of whoever signed in, and this call brought no access token. Nothing was sent.',
    fix: 'Call over HTTP, signed in. On stdio nobody signs in: such tools are not for it.',
  },
  UPSTREAM_FORBIDDEN: {
    category: 'permission_denied',
    means: 'The upstream answered 403: the credential of the server does not allow this.',
    fix: 'Give the credential that right, or do not offer the tool.',
  },
  UPSTREAM_REDIRECT: {
    category: 'internal',
    means: 'The upstream answered with a redirect. Redirects are never followed, because they could lead anywhere.',
    fix: 'Put the final address into "baseUrl" and "path".',
  },
  UPSTREAM_RESPONSE_TOO_LARGE: {
    category: 'upstream_error',
    means: 'The answer of the upstream was larger than "maxResponseBytes".',
    fix: 'Ask for less (paging, fewer fields), or raise "maxResponseBytes".',
  },
  UPSTREAM_ERROR: {
    category: 'upstream_error',
    means: 'The upstream answered with a status that has no meaning of its own here.',
    fix: 'Declare that status under "errors".',
  },
};
