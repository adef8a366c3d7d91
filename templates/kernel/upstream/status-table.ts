/** What an answer means that the manifest does not name: the status table of the call protocol. */
import type { Category } from '../failure.ts';

export interface Meaning {
  readonly code: string;
  readonly category: Category;
  readonly message: string;
  /** The upstream refused before doing anything, so not even a write can have happened. */
  readonly refused: boolean;
  /** The same request may succeed in a moment. */
  readonly transient?: true;
}

const UNAVAILABLE: Meaning = {
  code: 'UPSTREAM_UNAVAILABLE',
  category: 'unavailable',
  message: 'The upstream could not answer. The same call may succeed later.',
  refused: false,
  transient: true,
};

const FAILED_PRECONDITION: Meaning = {
  code: 'PRECONDITION_FAILED',
  category: 'failed_precondition',
  message: 'The upstream refused the request because its state does not allow it. Read the current state first.',
  refused: true,
};

const REJECTED_ARGUMENTS: Meaning = {
  code: 'UPSTREAM_REJECTED_ARGUMENTS',
  category: 'invalid_input',
  message: 'The upstream refused the arguments. Check the values against what they refer to, then call again.',
  refused: true,
};

const NOT_FOUND: Meaning = {
  code: 'NOT_FOUND',
  category: 'not_found',
  message: 'The upstream has nothing under that id. Check the id.',
  refused: true,
};

const MEANINGS: Readonly<Record<number, Meaning>> = {
  400: REJECTED_ARGUMENTS,
  401: {
    code: 'UPSTREAM_CREDENTIAL_REFUSED',
    category: 'internal',
    message: "The upstream refused the server's own credential. Nothing in the call can change that.",
    refused: true,
  },
  402: FAILED_PRECONDITION,
  403: {
    code: 'UPSTREAM_FORBIDDEN',
    category: 'permission_denied',
    message: 'The upstream does not allow this server to do that.',
    refused: true,
  },
  404: NOT_FOUND,
  408: UNAVAILABLE,
  409: {
    code: 'CONFLICT',
    category: 'conflict',
    message: 'The request conflicts with the current state. Read the current state first.',
    refused: true,
  },
  410: NOT_FOUND,
  412: FAILED_PRECONDITION,
  422: REJECTED_ARGUMENTS,
  428: FAILED_PRECONDITION,
  429: {
    code: 'UPSTREAM_RATE_LIMITED',
    category: 'rate_limited',
    message: 'The upstream is receiving too many requests. Send the same call again after the given time.',
    refused: true,
  },
  500: UNAVAILABLE,
  502: UNAVAILABLE,
  503: UNAVAILABLE,
  504: UNAVAILABLE,
};

/** Statuses that say "not here" and are never followed; only these two promise that nothing was done. */
const UNTOUCHED_REDIRECTS: ReadonlySet<number> = new Set([307, 308]);

/** The meaning of a status that is not 2xx. */
export function meaningOf(status: number): Meaning {
  const known = MEANINGS[status];
  if (known !== undefined) return known;
  if (status >= 300 && status < 400) {
    return {
      code: 'UPSTREAM_REDIRECT',
      category: 'internal',
      message: 'The upstream answered with a redirect, which is never followed.',
      refused: UNTOUCHED_REDIRECTS.has(status),
    };
  }
  return {
    code: 'UPSTREAM_ERROR',
    category: 'upstream_error',
    message: `The upstream answered with status ${status}.`,
    refused: status >= 400 && status < 500,
  };
}
