import type { GreetHandler } from '../generated/types/greet.ts';

const SALUTATIONS = { en: 'Hello', fr: 'Bonjour', de: 'Hallo' } as const;

export const handler: GreetHandler = (args) => ({
  greeting: `${SALUTATIONS[args.language ?? 'en']}, ${args.name}!`,
});
