/** For `src/generated/upstreams.ts.hbs`. */
import type { ProjectModel, UpstreamModel } from '../../model/project.ts';
import type { Printable } from '../literal.ts';

export interface UpstreamsView {
  readonly manifestFile: string;
  readonly upstreams: Printable;
}

export function upstreamsView(model: ProjectModel): UpstreamsView {
  return { manifestFile: model.manifestFile, upstreams: model.upstreams.map(upstreamOf) };
}

/** As `kernel/tool.ts` declares it. */
function upstreamOf(upstream: UpstreamModel): Printable {
  return {
    name: upstream.name,
    baseUrl: upstream.baseUrl,
    allowedHosts: upstream.allowedHosts,
    ...(upstream.addresses === 'private' && { addresses: upstream.addresses }),
    credential: credentialOf(upstream.credential),
    ...(upstream.sendsTrace && { sendsTrace: true }),
    timeoutMs: upstream.timeoutMs,
    attempts: upstream.attempts,
    maxDelayMs: upstream.maxDelayMs,
    maxResponseBytes: upstream.maxResponseBytes,
  };
}

function credentialOf(credential: UpstreamModel['credential']): Printable {
  switch (credential.type) {
    case 'basic':
      return { ...credential, username: settingOf(credential.username) };
    case 'oauth-client-credentials':
    case 'oauth-token-exchange': {
      const { tokenUrl, clientId } = credential;
      return { ...credential, tokenUrl: settingOf(tokenUrl), clientId: settingOf(clientId) };
    }
    default:
      return { ...credential };
  }
}

function settingOf(setting: string | { readonly env: string }): Printable {
  return typeof setting === 'string' ? { value: setting } : setting;
}
