/** Where this package lies: the same two steps up from `src/render/` and from `dist/render/`. */
const ROOT = new URL('../../', import.meta.url);

/** Templates that mirror a project's tree. */
export const PROJECT_TEMPLATES = new URL('templates/project/', ROOT);

/** The kernel, copied byte for byte. */
export const KERNEL = new URL('templates/kernel/', ROOT);
