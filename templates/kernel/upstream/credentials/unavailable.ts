/** A credential that could not be obtained: nothing was sent with it. */
import { failure, type ErrorBody } from '../../failure.ts';

/** What the call is told. Never what the issuer wrote: that may quote a secret. */
export class CredentialUnavailable extends Error {
  override readonly name = 'CredentialUnavailable';
  readonly body: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.code);
    this.body = body;
  }
}

/** The same call may get one later. */
export function notObtained(retryAfterMs?: number): CredentialUnavailable {
  return new CredentialUnavailable(failure(NOT_OBTAINED, { retryAfterMs }));
}

/** `reason`: words of this server, or a registered error code. */
export function notIssued(reason: string): CredentialUnavailable {
  const message = `The server gets no credential for the upstream (${reason}), so nothing was sent. Nothing in the call can change that.`;
  return new CredentialUnavailable(failure({ code: 'UPSTREAM_CREDENTIAL_NOT_ISSUED', category: 'internal', message }));
}

/** It is had in the name of a caller, and nobody is there who came with a token. */
export function noCaller(): CredentialUnavailable {
  return new CredentialUnavailable(failure(NO_CALLER));
}

const NO_CALLER = {
  code: 'UPSTREAM_CREDENTIAL_NEEDS_CALLER',
  category: 'unauthenticated',
  message:
    'The upstream is called in the name of somebody who signed in, and this call came without an access token, so ' +
    'nothing was sent. Call over HTTP, signed in.',
} as const;

const NOT_OBTAINED = {
  code: 'UPSTREAM_CREDENTIAL_UNAVAILABLE',
  category: 'unavailable',
  message:
    'The credential for the upstream could not be obtained, so nothing was sent. The same call may succeed later.',
} as const;
