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
  'application.sources-outside': {
    summary: "A source folder leads out of the application's folder.",
    remedy: 'Set application.path to a folder that holds all of application.sources.',
    retryable: false,
  },
  'application.syntax': {
    summary: "The application's source has syntax errors, so its statements can't be told.",
    remedy: 'Correct the files, or leave them out of application.sources, commit, and retry.',
    retryable: false,
  },
  'application.branch-changed': {
    summary: "People committed to the migration's branch what this stage would overwrite.",
    remedy:
      'Put what implements a method into the folder for work by hand (docs/generated-code.md); what the application itself needs belongs on its own branch, before the migration. Keep and take off the rest by the commands that are named, then retry.',
    retryable: false,
  },
  'application.branch-missing': {
    summary: 'The branch that the stages before have worked on is not there any more.',
    remedy:
      'Retry: the stage begins again and restores it from the bundle of the stage before. Where something else stands in its place, roll back to 03-dal-abstraction.',
    retryable: false,
  },
});
