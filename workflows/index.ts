/** All workflow types that a worker of Cutover runs. The exported names are in histories and commands for ever. */
export { migration } from './migration.ts';
