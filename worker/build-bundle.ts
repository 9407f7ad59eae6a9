import { prebuiltBundle } from './bundle.ts';

// Prints where it put the bundle, for CUTOVER_WORKFLOW_BUNDLE.
console.log(await prebuiltBundle(process.argv[2]));
