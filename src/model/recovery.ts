/** What happens to a tool when its process dies at the worst moment: after the request left, before the answer. */
import { durationInWords } from '../manifest/duration-words.ts';
import type { RecoveryModel } from './guards.ts';
import type { ProjectModel, RequestModel, ToolModel } from './project.ts';

type Upstreams = Pick<ProjectModel, 'upstreams'>;

/** A few plain sentences. */
export function describeRecovery(tool: ToolModel, model: Upstreams): string {
  const { idempotency } = tool;
  if (idempotency === undefined) return 'Reads only: nothing can be left behind; the client asks again.';
  switch (idempotency.recovery) {
    case 'send-again':
      return 'The same call sets the same value again, which is safe.';
    case 'quarantine':
      return 'The outcome is unknown: the operation is kept and never run again by itself, until a person has looked.';
    case 'resend':
      return `${describeResending(idempotency, tool.kind)} ${whoBegins(tool, [tool.request, idempotency.lookup?.request ?? tool.request], model)}`;
    case 'look-up':
      return `${describeLookup(idempotency)} ${whoBegins(tool, [idempotency.lookup?.request], model)}`;
    case 'resume':
      return (
        'The same call runs the handler again, which goes on after the last step that it finished; until then operators ' +
        'see it as unknown. A step that was under way is not repeated: the operation is kept until a person has looked.'
      );
  }
}

/** A few words, for a table of tools. */
export function recoveryInWords({ idempotency }: Pick<ToolModel, 'idempotency'>): string {
  if (idempotency === undefined) return 'is asked again';
  switch (idempotency.recovery) {
    case 'send-again':
      return 'the same call sets it again';
    case 'quarantine':
      return 'waits for a person';
    case 'resend':
      return `is sent again under the same key; later, ${idempotency.lookup === undefined ? 'waits for a person' : 'is read back'}`;
    case 'look-up':
      return 'is read back';
    case 'resume':
      return 'goes on after its last finished step; a step cut off waits for a person';
  }
}

type Requests = readonly (RequestModel | undefined)[];

/** What is made again from the record needs all arguments in it, and a credential that is the server's own. */
function whoBegins({ sensitive }: ToolModel, requests: Requests, model: Upstreams): string {
  if (sensitive.length > 0) return 'That waits for the same call, because sensitive arguments are not kept.';
  return needCaller(requests, model)
    ? "That waits for the same call, because the upstream is called in the caller's name."
    : 'The server does so by itself while writes are enabled; where the arguments take more than 64,000 characters, that waits for the same call.';
}

/** A handler, which declares no request, may reach every upstream. */
function needCaller(requests: Requests, { upstreams }: Upstreams): boolean {
  return upstreams
    .filter(({ credential }) => credential.type === 'oauth-token-exchange')
    .some(({ name }) => requests.some((request) => request === undefined || request.upstream === name));
}

function describeResending({ upstreamKey, lookup }: RecoveryModel, kind: ToolModel['kind']): string {
  const again = kind === 'declared' ? 'The same request is sent again' : 'The handler is run again';
  const window = durationInWords(upstreamKey?.retentionMs ?? 0);
  const later = lookup === undefined ? 'the operation is kept until a person has looked' : 'the outcome is read back';
  return `${again} under the same key, which the upstream remembers for ${window} and has one effect for; later, ${later}.`;
}

function describeLookup({ lookup }: RecoveryModel): string {
  const settle = durationInWords(lookup?.settleMs ?? 0);
  return `Once the upstream has had ${settle} to apply it, the outcome is read back: what is found is the answer, and what is not found was not executed.`;
}
