import { rememberedStack } from './shared-stack.ts';

/** Stops exactly the stack that the global setup started. */
export default async function globalTeardown(): Promise<void> {
  await rememberedStack()?.stop();
}
