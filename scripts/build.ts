/** Compiles src/ to dist/ and exports the manifest's JSON Schema. */
import { execa } from 'execa';

await execa('tsc', ['-p', 'tsconfig.build.json'], { preferLocal: true, stdio: 'inherit' });
