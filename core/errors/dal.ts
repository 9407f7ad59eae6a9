import { defineErrors } from './catalogue.ts';

/** Errors of work on the user's application: its repository, commands, server, scratch database, and stage 3 itself. */
export const dalErrors = defineErrors({
  'dal.no-repository': {
    summary: 'The application is not in a git repository with at least one commit.',
    remedy: 'Run `git init` in the application and commit its state; Cutover works on a branch of its own.',
    retryable: false,
  },
  'dal.dirty-tree': {
    summary: 'The application has changes that are not committed.',
    remedy: 'Commit or stash them: Cutover starts from a commit, so that its branch can be compared and merged.',
    retryable: false,
  },
  'dal.branch-taken': {
    summary: 'The branch that this migration would create exists already and was not made by it.',
    remedy: 'Rename or delete that branch, or give the migration another name.',
    retryable: false,
  },
  'dal.git-failed': {
    summary: 'A git command on the application failed.',
    remedy: 'Read what git says; put the repository right, then retry.',
    retryable: true,
  },
  'dal.command-failed': {
    summary: 'A command of the application failed.',
    remedy: 'Run the same command in the folder that is named, mend what it reports, then retry.',
    retryable: false,
  },
  'dal.command-timeout': {
    summary: 'A command of the application did not end in time.',
    remedy: 'Find out what it waits for (a database, a prompt, an open handle), then retry.',
    retryable: true,
  },
  'dal.server-not-ready': {
    summary: "The application's server did not become ready.",
    remedy: 'Check application.server (start, portVariable, readyPath, databaseUrlVariable) against its output.',
    retryable: true,
  },
  'dal.scratch-refused': {
    summary: 'The scratch database is not one that may be destroyed.',
    remedy: 'Set application.scratch.database to a name of its own, beside the migrated database.',
    retryable: false,
  },
  'dal.scratch-failed': {
    summary: 'The scratch database could not be made, copied or put back.',
    remedy: 'Check that source.user may create and drop the scratch database and its `_template` copy, then retry.',
    retryable: true,
  },
  'dal.traffic-failed': {
    summary: 'HTTP traffic of the application could not be recorded or replayed.',
    remedy: 'Check application.traffic.command: it must drive {serverUrl} and end with exit code 0.',
    retryable: true,
  },
  'dal.baseline-red': {
    summary: 'The untouched application does not build, or its tests fail, before anything was changed.',
    remedy: 'Make the application green at its current commit: without that nothing after it can be judged.',
    retryable: false,
  },
  'dal.step-red': {
    summary: 'After a step of the refactoring the application no longer builds or its tests fail.',
    remedy: 'Read the output; the branch keeps the step for inspection. Roll back to this stage to start again.',
    retryable: false,
  },
  'dal.traffic-differs': {
    summary: 'The refactored application answers recorded requests differently from the untouched one.',
    remedy: 'Read stage-03/dal_report.md for the first differences; roll back to this stage to start again.',
    retryable: false,
  },
  'dal.unsupported-shape': {
    summary: 'Data access of a shape that can not be moved mechanically.',
    remedy:
      'Rewrite the place that is named so that the driver is called with SQL and parameters, commit, roll back here.',
    retryable: false,
  },
  'dal.no-source-project': {
    summary: 'The source of the application can not be read as one TypeScript or JavaScript project.',
    remedy: 'Check application.sources and the tsconfig.json of the application.',
    retryable: false,
  },
});
