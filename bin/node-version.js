// Runs before anything that needs a current Node.js is loaded, and so keeps to syntax that old ones know.
// Keep in step with "engines" in package.json.
const [major, minor, patch] = process.versions.node.split('.').map(Number);

const supported =
  (major === 22 && (minor > 22 || (minor === 22 && patch >= 2))) || (major === 24 && minor >= 15) || major >= 26;

if (!supported) {
  console.error(
    'hardened-mcp needs Node.js ^22.22.2 || ^24.15.0 || >=26; this is ' +
      process.versions.node +
      '. See https://nodejs.org',
  );
  process.exit(2);
}
