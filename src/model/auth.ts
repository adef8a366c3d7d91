/** Who says who is calling over HTTP. */
import type { Manifest } from '../manifest/schema.ts';
import type { AuthModel, SettingModel } from './project.ts';

/** `undefined` where nobody signs in. */
export function buildAuth({ auth, server }: Manifest): AuthModel | undefined {
  if (auth?.type !== 'oauth' || !server.transports.includes('http')) return undefined;
  const { tenant, run, roles = 'roles' } = auth.claims ?? {};
  return {
    issuer: settingOf(auth.issuer),
    audience: settingOf(auth.audience),
    ...(auth.addresses === 'private' && { addresses: auth.addresses }),
    claims: { roles, ...(tenant !== undefined && { tenant }), ...(run !== undefined && { run }) },
    ...(auth.introspection && { introspection: introspectionOf(auth.introspection) }),
  };
}

type Introspection = NonNullable<Extract<Manifest['auth'], { type: 'oauth' }>['introspection']>;

function introspectionOf({ url, clientId, clientSecret }: Introspection): NonNullable<AuthModel['introspection']> {
  return { url: settingOf(url), clientId: settingOf(clientId), clientSecret };
}

function settingOf(setting: string | { readonly env: string }): SettingModel {
  return typeof setting === 'string' ? { value: setting } : setting;
}
