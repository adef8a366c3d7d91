/** How a server is started with no more rights than it needs: `start:hardened`, and the entry point of the image. */

/** A flag of Node.js, and what is refused because of it: Markdown. */
export interface HardenedFlag {
  readonly flag: string;
  readonly refused: string;
}

/** In the order in which they are given. */
export function hardenedFlags({ writes }: { readonly writes: boolean }): readonly HardenedFlag[] {
  const kept = writes ? 'operations and audit' : 'audit';
  return [
    { flag: '--permission', refused: 'other programs, threads and native code; files, but for the next two' },
    {
      flag: '--allow-fs-read=.',
      refused: "reading outside this folder; add one for each secret's file (`--allow-fs-read=/run/secrets`)",
    },
    { flag: '--allow-fs-write=./data/*', refused: `writing anywhere but in \`data/\`, where ${kept} may go` },
    { flag: '--disallow-code-generation-from-strings', refused: '`eval` and `new Function`' },
    { flag: '--disable-proto=throw', refused: 'reaching a prototype through `__proto__`' },
    { flag: '--frozen-intrinsics', refused: 'changing what `Array`, `JSON`, `Promise` and their like do for all' },
  ];
}

/** Arguments of `node`. */
export function hardenedArguments(): readonly string[] {
  return [...hardenedFlags({ writes: true }).map(({ flag }) => flag), 'dist/index.js'];
}
