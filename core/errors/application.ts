import { defineErrors } from './catalogue.ts';

/** Errors of reading an application's source. */
export const applicationErrors = defineErrors({
  'application.root-missing': {
    summary: "The application's folder does not exist.",
    remedy: 'Correct application.path of the migration input; it is relative to the folder that the worker runs in.',
    retryable: false,
  },
  'application.no-sources': {
    summary: 'The application has no source file where the migration input says.',
    remedy: 'Correct application.sources of the migration input: folders or globs below application.path.',
    retryable: false,
  },
});
