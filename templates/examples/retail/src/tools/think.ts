import type { ThinkHandler } from '../generated/types/think.ts';

/** The thought stands in the conversation, and its hash in the audit log; there is nothing else to do. */
export const handler: ThinkHandler = () => '';
