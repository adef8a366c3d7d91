/** Secrets that are told apart from everything else, and searches for them in whatever form they may leak. */

/** Each stands for one secret of the server's environment. */
export const SECRETS = {
  API_TOKEN: 'canaryBearer5f1c0a9d27',
  KEYED_KEY: 'canaryApiKey81d3b6e4f0',
  NAMED_PASSWORD: 'canaryPassword2ab7c9e613',
  GRANTED_SECRET: 'canaryClientSecret9e04d7f2a8',
  GRANTED_TOKEN: 'canaryGrantedTokenC3571be6d4',
  VAULT_TOKEN: 'canaryProvidedToken640fa8b2c1',
  MCP_AUDIT_KEY: 'canaryAuditKeyOf32Characters0d9e7b',
  MCP_REQUEST_STATE_SECRET: 'canaryRequestStateSecretOf32Characters7f21',
  CANARY_DSN: 'postgres://somebody:canaryDsnB8e2f7c5d0@db.example:5432/app',
} as const;

/** The part of a DSN that is secret. */
export const DSN_PASSWORD = 'canaryDsnB8e2f7c5d0';

/** A secret as it is, and as it looks in base64, in hexadecimal and percent-encoded. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // Inside a longer text the ends of base64 depend on what stands beside them: what is sure is the middle.
  const middles = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return text.slice(4, -4);
  });
  const encoded = [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  const forms = [secret, bytes.toString('hex'), encoded, ...middles, ...middles.map(urlSafe)];
  return [...new Set(forms)];
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

/** Where these texts show a secret: `log: canary-…`. */
export function findSecrets(places: Readonly<Record<string, string>>, secrets: readonly string[]): readonly string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    secrets
      .filter((secret) => formsOf(secret).some((form) => text.includes(form)))
      .map((secret) => `${place}: ${secret}`),
  );
}
