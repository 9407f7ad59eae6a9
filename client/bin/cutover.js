#!/usr/bin/env node
// The sources are TypeScript and run as they are: tsx is registered for this process, then the command line starts.
import { register } from 'tsx/esm/api';

register();
await import('../cli.ts');
