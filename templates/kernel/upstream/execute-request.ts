/** Executes a declared tool: one HTTP request, encoded from the arguments, sent, and its answer classified. */
import type { Execution } from '../execution.ts';
import { failure } from '../failure.ts';
import type { RequestInput, Settings, UpstreamSettings } from '../settings.ts';
import { encodeRequest, type EncodedRequest } from './encode.ts';
import { NotEncodable } from './not-encodable.ts';
import { classify, combine } from './outcome.ts';
import { retry } from './retry.ts';
import { send } from './send.ts';

/** Rejects only for what generated code cannot hold: a tool without a request, or an upstream that does not exist. */
export async function executeRequest(input: RequestInput): Promise<Execution> {
  const { tool, scope, settings, repeatable, signal } = input;
  if (tool.request === undefined) throw new Error(`${tool.definition.name} declares no request`);
  const upstream = findUpstream(settings, tool.request.upstream);
  let request: EncodedRequest;
  try {
    request = encodeRequest(tool.request, upstream.baseUrl, scope);
  } catch (error) {
    if (error instanceof NotEncodable) return refuse(error);
    throw error;
  }
  if (!authorize(upstream, request.headers)) return { kind: 'not-sent', error: failure(NO_CREDENTIAL) };
  const { timeoutMs, maxResponseBytes } = upstream.declaration;
  let before: Execution | undefined;
  return retry(
    async () => {
      const attempt = await send(request, { timeoutMs, maxResponseBytes, reuseConnection: repeatable, signal });
      const { result, ...more } = classify(attempt, input);
      before = combine(before, result);
      return { result: before, ...more };
    },
    { upstream, withinMs: retryWindow(settings), signal },
  );
}

/** Throws where the server has no upstream of that name. */
export function findUpstream(settings: Settings, name: string): UpstreamSettings {
  const upstream = settings.upstreams.get(name);
  if (upstream === undefined) throw new Error(`There is no upstream named ${name}`);
  return upstream;
}

/** Half the lease is left for the last attempt to end in, so that no retry outlives the claim. */
export function retryWindow(settings: Settings): number {
  return Math.min(settings.deadlineMs, settings.leaseMs / 2);
}

/** Adds the credential. `false` where it cannot be read any more, e.g. because its file is gone. */
export function authorize(upstream: UpstreamSettings, headers: Headers): boolean {
  try {
    upstream.authorize(headers);
    return true;
  } catch {
    // The error may quote the secret, and says nothing that the caller could act on.
    return false;
  }
}

const NO_CREDENTIAL = {
  code: 'UPSTREAM_CREDENTIAL_UNREADABLE',
  category: 'internal',
  message: "The server's own credential for the upstream cannot be read, so nothing was sent.",
} as const;

function refuse({ field, reason }: NotEncodable): Execution {
  const message = `The argument ${field} ${reason}.`;
  const violations = [{ field, rule: 'encoding' }];
  return {
    kind: 'not-sent',
    error: failure({ code: 'INVALID_ARGUMENTS', category: 'invalid_input', message }, { violations }),
  };
}
