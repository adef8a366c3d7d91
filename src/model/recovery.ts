/** What happens to a tool when its process dies at the worst moment: after the request left, before the answer. */
import type { ToolModel } from './project.ts';

/** One plain sentence. */
export function describeRecovery(tool: ToolModel): string {
  if (tool.idempotency === undefined) return 'Reads only: nothing can be left behind; the client asks again.';
  switch (tool.idempotency.recovery) {
    case 'send-again':
      return 'The same call sets the same value again, which is safe.';
    case 'quarantine':
      return 'The outcome is unknown: the operation is kept and never run again by itself, until a person has looked.';
  }
}
