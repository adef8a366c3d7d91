/** Loaded before a server that tests start, so that it takes the tokens that they make: TEST_AUTH says where to check them. */
import { server } from '../../../src/generated/server.ts';

Object.assign(server, { auth: { ...server.auth, ...(JSON.parse(process.env['TEST_AUTH'] ?? '{}') as object) } });
