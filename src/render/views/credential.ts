/** For `src/credentials/credential.ts.hbs`: where the author of a credential starts from, and how it is imported. */
import type { UpstreamModel } from '../../model/project.ts';

export interface CredentialView {
  readonly upstream: string;
  /** Of the import: names of upstreams have dashes, and no underscores. */
  readonly constant: string;
}

export function credentialView({ name }: UpstreamModel): CredentialView {
  return { upstream: name, constant: `${name.replaceAll('-', '_')}Credential` };
}

export function hasProvider({ credential }: UpstreamModel): boolean {
  return credential.type === 'provider';
}
