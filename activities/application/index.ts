/** Tools on the user's application: its repository, commands, server, scratch database and HTTP traffic. */
export { changesByOthers, refuseChangesByOthers, type ChangesByOthers } from './changes-by-others.ts';
export { bundleBranch, restoreBranch } from './bundle.ts';
export { runCommand, runCommandOrFail, tail, type CommandOptions, type CommandOutcome } from './commands.ts';
export { installDependencies } from './dependencies.ts';
export { git, tryGit } from './git.ts';
export { redact } from './redact.ts';
export {
  openSession,
  runApplicationTests,
  sessionWorkTree,
  stageWorkTree,
  withServer,
  type ApplicationSession,
} from './session.ts';
export { ScratchDatabase } from './scratch-database.ts';
export { recordedTraffic } from './recorded-traffic.ts';
export { databaseUrl, startServer, UNREACHABLE_MYSQL, type RunningServer, type ServerOptions } from './server.ts';
export {
  compareRecordings,
  fromJsonLines,
  recordTraffic,
  replayTraffic,
  toJsonLines,
  type Recording,
  type ReplayReport,
  type TrafficDifference,
} from './traffic.ts';
export {
  branchName,
  commitStep,
  currentWorkTree,
  findRepository,
  openWorkTree,
  removeWorkTree,
  requireClean,
  resetTo,
  type Repository,
  type WorkTree,
} from './work-tree.ts';
