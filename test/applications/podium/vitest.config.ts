import { defineConfig } from 'vitest/config';

// The tests talk to one running server, so that files in parallel would only wait for each other.
export default defineConfig({ test: { include: ['tests/**/*.test.ts'], fileParallelism: false } });
